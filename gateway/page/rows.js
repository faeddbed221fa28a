// One event as one row: a coloured line that opens into the whole event. An event's content only
// ever becomes text.

import {bytes as bytesText, clock, count, plural} from './format.js';
import {hex} from './entry.js';
import {name as putName} from './legend.js';
import {coloured, looksLikeJson, pretty} from './json.js';

const line = 320;            // characters of an event on its closed row
const whole = 200_000;       // characters shown of an open one
const dumped = 4096;         // bytes shown of an open binary one

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function row(event) {
  if (event.kind === 'gap') return gapRow(event.missed, event.time);
  if (event.kind === 'remark') {
    return element('div', 'marker', element('time', '', clock(event.time)), event.text);
  }
  const text = event.text.length > line ? event.text.slice(0, line) + '…' : event.text;
  const body = element('span', 'body', event.kind === 'text' && looksLikeJson(text) ? coloured(text) : text);
  if (event.kind === 'binary') body.prepend(element('span', 'tag', bytesText(event.bytes.length)));
  const summary = element('summary', '', element('time', '', clock(event.time)), body);
  if (event.topic) {
    const topic = element('span', 'topic name');
    putName(topic, event.topic);
    topic.title = event.topic;
    body.before(topic);
  }
  summary.tabIndex = -1;
  const details = element('details', event.kind, summary);
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    if (details.children.length === 1) details.append(opened(event));
    details.scrollIntoView({block: 'nearest'});
  });
  return details;
}

export function gapRow(missed, time) {
  const made = element('div', 'marker gap', element('time', '', clock(time)),
    element('b', '', `${plural(missed, 'event')} skipped here`),
    element('span', 'why', ' This page was too slow or away for too long, so the stream went on at the newest.'));
  made.dataset.missed = missed;
  return made;
}

function opened(event) {
  const box = element('div', 'opened');
  const about = element('p', 'about');
  const content = element('pre');
  content.tabIndex = 0;
  if (event.kind === 'binary') {
    about.append(`${bytesText(event.bytes.length)} · binary, not UTF-8${origin(event)}`);
    content.textContent = dump(event.bytes.subarray(0, dumped));
    if (event.bytes.length > dumped) about.append(` · first ${bytesText(dumped)} shown`);
    about.append(copyButton(() => hex(event.bytes)));
  } else {
    const laidOut = event.text.length <= whole ? pretty(event.text) : null;
    const size = new TextEncoder().encode(event.text).length;
    about.append(`${size === 1 ? '1 byte' : `${count(size)} bytes`} · ${laidOut === null ? 'text' : 'JSON'}${origin(event)}`);
    if (laidOut !== null) content.append(coloured(laidOut));
    else content.textContent = event.text.slice(0, whole);
    if (event.text.length > whole) about.append(` · first ${count(whole)} characters shown`);
    about.append(copyButton(() => event.text));
  }
  box.append(about, content);
  return box;
}

const origin = ({topic, listener, seq}) =>
  [topic && `topic ${topic}`, listener && `from ${listener}`, seq && `number ${count(seq)}`].filter(Boolean).map(part => ` · ${part}`).join('');

/** Offset, sixteen bytes in hex, and what of them can be read. */
function dump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = bytes.subarray(at, at + 16);
    const readable = Array.from(part, byte => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex(part).padEnd(47)}  ${readable}`);
  }
  return lines.join('\n');
}

export function copyButton(text) {
  const button = element('button', 'copy', 'Copy');
  button.type = 'button';
  button.addEventListener('click', async () => {
    button.textContent = await copied(text()) ? 'Copied' : 'Not allowed';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain HTTP from another machine there is no clipboard object; the old way still works.
    const area = element('textarea', 'offscreen');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
