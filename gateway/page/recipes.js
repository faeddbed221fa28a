// Lines to paste in a terminal that send a first event to a listener as it really is addressed.

const sample = `'{"hello":"weir"}'`;

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
      return to.path ? `echo ${sample} | nc -uU -w0 ${to.path}` : `echo ${sample} | nc -u -w0 ${to.host} ${to.port}`;
    case 'tcp':
      return to.path ? `echo ${sample} | nc -U -w1 ${to.path}` : `echo ${sample} | nc -w1 ${to.host} ${to.port}`;
    case 'http':
      return to.path ? `curl --unix-socket ${to.path} -d ${sample} http://localhost/` : `curl -d ${sample} http://${authority}/`;
    case 'beacon':
      return to.path ? `curl -so /dev/null --unix-socket ${to.path} 'http://localhost/r/app/account/hello?to=weir'`
                     : `curl -so /dev/null 'http://${authority}/r/app/account/hello?to=weir'`;
    default:
      return null;
  }
}
