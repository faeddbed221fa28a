// Puts weir's beacon on a page: one event a page view, and what you tell it besides.
//
//   <script>window.weir = window.weir || function () { (weir.q = weir.q || []).push(arguments); };</script>
//   <script async src="beacon.js" data-to="https://events.example.org" data-app="shop" data-account="acme"></script>
//
//   weir('order', {id: 4711, total: 19.9});
//
// data-to is a port of weir's with beacons (--beacon ADDR, or --http ADDR,beacon=on), and data-view="off" leaves
// the page view out. The first line is needed only where weir() is called before this script has loaded.
//
// An event is an image that is asked for: it needs no CORS, goes out while a page is being left, too, and
// returns a promise of whether weir answered. Its values are strings: a number is written out, an object is
// JSON, null and undefined are left out. A value is cut after 1,000 characters, for an address has to fit in
// weir's max-header. It sets no cookie and keeps nothing. Each event has one value more, `once`, that no other has:
// a browser asks for the same address once a page, whatever the answer says of caches.
(function () {
  'use strict';
  var settings = document.currentScript.dataset;
  var root = settings.to.replace(/\/+$/, '') +
    ['r', settings.app, settings.account].map(function (part) { return '/' + encodeURIComponent(part); }).join('');
  var longest = 1000;
  var count = 0;
  var waiting = new Set(); // images nobody holds may be collected before they are asked for

  function text(value) {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  function weir(type, data) {
    var query = new URLSearchParams();
    Object.keys(data || {}).forEach(function (name) {
      if (data[name] !== null && data[name] !== undefined) query.append(name, text(data[name]).slice(0, longest));
    });
    query.set('once', Date.now() + '-' + ++count);
    var image = new Image(1, 1);
    waiting.add(image);
    return new Promise(function (done) {
      image.onload = function () { waiting.delete(image); done(true); };
      image.onerror = function () { waiting.delete(image); done(false); };
      image.src = root + '/' + encodeURIComponent(type) + '?' + query;
    });
  }

  var early = (window.weir && window.weir.q) || [];
  window.weir = weir;
  if (settings.view !== 'off') {
    weir('pageview', {
      page: location.href.split('#')[0],
      referrer: document.referrer,
      title: document.title,
      screen: screen.width + 'x' + screen.height
    });
  }
  early.forEach(function (call) { weir.apply(null, call); });
})();
