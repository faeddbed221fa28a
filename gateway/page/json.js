// Shows text as coloured JSON. Everything an event holds becomes text nodes, never markup.

const token = /("(?:[^"\\]|\\.)*"?)(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

export const looksLikeJson = text => /^\s*[[{]/.test(text);

/** The text with its keys, strings, numbers and words coloured; need not be valid or complete. */
export function coloured(text) {
  const out = document.createDocumentFragment();
  let done = 0;
  for (const found of text.matchAll(token)) {
    const [all, string, colon] = found;
    if (found.index > done) out.append(text.slice(done, found.index));
    const body = string ?? all;
    const kind = string ? (colon ? 'key' : 'string') : /^[tfn]/.test(all) ? 'word' : 'number';
    const part = document.createElement('span');
    part.className = kind;
    part.textContent = body;
    out.append(part);
    if (colon) out.append(colon);
    done = found.index + all.length;
  }
  if (done < text.length) out.append(text.slice(done));
  return out;
}

/** The text laid out over several lines, or null where it is not JSON. Keeps numbers as they are written. */
export function pretty(text) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let out = '', depth = 0, before = '';
  const line = () => '\n' + '  '.repeat(depth);
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"[\]{},:]+|[[\]{},:]/g)) {
    if (part === '}' || part === ']') {
      --depth;
      out += (before === '{' || before === '[' ? '' : line()) + part;
    } else {
      if (before === '{' || before === '[' || before === ',') out += line();
      out += part === ':' ? ': ' : part;
      if (part === '{' || part === '[') ++depth;
    }
    before = part;
  }
  return out;
}
