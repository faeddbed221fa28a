// Lines to paste in a terminal that send a first event to a listener as it really is addressed. Pure.

const sample = `'{"hello":"weir"}'`;
const order = ['http', 'udp', 'tcp', 'beacon', 'ws'];
const most = 4;

/** 'HOST:PORT', '[V6]:PORT' or 'unix:PATH' → {host, port} or {path}. A wildcard becomes `own`. */
export function address(text, own) {
  if (text.startsWith('unix:')) return {path: text.slice(5)};
  const found = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  if (!found) return null;
  const host = found[1] ?? found[2];
  const anywhere = host === '' || host === '*' || host === '0.0.0.0' || host === '::';
  return {host: anywhere ? own.replace(/^\[|\]$/g, '') : host, port: found[3]};
}

/** The line for a listener, or null where no common tool speaks it. */
export function recipe(kind, place, own) {
  const to = address(place, own);
  if (!to) return null;
  const authority = to.path ? '' : `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`;
  switch (kind) {
    case 'udp':
      return to.path ? `echo ${sample} | nc -uU -w1 ${to.path}` : `echo ${sample} | nc -u -w1 ${to.host} ${to.port}`;
    case 'tcp':
      return to.path ? `echo ${sample} | nc -U -w1 ${to.path}` : `echo ${sample} | nc -w1 ${to.host} ${to.port}`;
    case 'http':
      return to.path ? `curl --unix-socket ${to.path} -d ${sample} http://localhost/` : `curl -d ${sample} http://${authority}/`;
    case 'beacon':
      return to.path ? `curl -so /dev/null --unix-socket ${to.path} 'http://localhost/r/app/account/hello?to=weir'`
                     : `curl -so /dev/null 'http://${authority}/r/app/account/hello?to=weir'`;
    case 'ws':
      return to.path ? null : `echo ${sample} | weir send ws://${authority}/`;
    default:
      return null;
  }
}

/**
 * [[kind, line], …] for the listeners {kind, place}, one of each kind before a second of any. page: {url, port, hostname:
 * of the page itself, takesPost: whether events may be posted there, token: what its port asks for, or null}.
 */
export function recipes(listeners, page) {
  const lines = page.takesPost ? [['http', `curl ${bearer(page.token)}-d ${sample} ${quoted(page.url)}`]] : [];
  const http = new Set(listeners.filter(({kind}) => kind === 'http').map(({place}) => place));
  const isOwn = place => http.has(place) && address(place, '')?.port === page.port;
  const ranked = [];
  for (const kind of order) {
    let rank = 0;
    for (const {place} of listeners.filter(flow => flow.kind === kind)) {
      // The page's own port is told of above; where an http port takes WebSocket is not known here.
      if ((kind === 'http' && isOwn(place)) || (kind === 'ws' && http.has(place))) continue;
      const line = recipe(kind, place, page.hostname);
      if (line) ranked.push({rank: rank++, entry: [kind, line]});
    }
  }
  ranked.sort((a, b) => a.rank - b.rank);
  return [...lines, ...ranked.map(({entry}) => entry)].slice(0, most);
}

const bearer = token => (token === null ? '' : `-H ${quoted(`Authorization: Bearer ${token}`)} `);

/** For a shell. */
const quoted = text => (/^[\w:/.[\]-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
