// What a frame of the live stream is: an event, bare or in an envelope {"seq":…,"time":…,"listener":…,
// "topic":…,"data":…}, or a notice in between. Pure functions.

const notice = /^\{"weir":(?:"gap","missed":(\d+)|"restart")\}$/;
const longestValue = 200;  // characters of a member that are told apart

/** The object a text is, or undefined. */
export function parsed(text) {
  if (text[0] !== '{') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * {event: {time, kind: 'text' | 'binary' | 'gap' | 'restart', …}, json: what the event is, where it is an object,
 * stamp: the envelope's time as it is written}. `time` is for what has none of its own.
 */
export function read(frame, time) {
  if (typeof frame !== 'string') return {event: binary(new Uint8Array(frame), {time})};
  const found = frame.length < 64 ? notice.exec(frame) : null;
  if (found) {
    const missed = Number(found[1] ?? 0);
    return {event: {time, kind: found[1] ? 'gap' : 'restart', missed, text: '', weight: 0}};
  }
  const json = parsed(frame);
  if (isEnvelope(json)) return {...unwrapped(frame, json, time), stamp: json.time};
  return {event: plain(frame, {time, topic: typeof json?.type === 'string' ? json.type : ''}), json};
}

const isEnvelope = json => Number.isSafeInteger(json?.seq) && typeof json.time === 'string' && 'data' in json;

function unwrapped(frame, json, arrival) {
  const {seq, listener = '', topic = '', data} = json;
  const about = {time: Date.parse(json.time) || arrival, seq, listener, topic};
  if (typeof data === 'string') {
    return {event: json.encoding === 'base64' ? binary(fromBase64(data), about) : plain(data, about)};
  }
  // As it is written, where that can be cut out: numbers keep their digits.
  const last = Object.keys(json).at(-1) === 'data';
  const text = last ? frame.slice(frame.indexOf(',"data":') + 8, frame.lastIndexOf('}')).trim() : JSON.stringify(data);
  return {event: plain(text, about), json: text[0] === '{' ? data : undefined};
}

const plain = (text, about) => ({topic: '', listener: '', seq: 0, ...about, kind: 'text', text, weight: text.length});

function binary(bytes, about) {
  return {topic: '', listener: '', seq: 0, ...about, kind: 'binary', bytes, text: hex(bytes.subarray(0, 64)), weight: bytes.length};
}

const fromBase64 = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

/** A line of the page's own between the events. */
export const remark = (text, time) => ({time, kind: 'remark', text, weight: 0});

export const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ');

/**
 * What an event has at a path: 'topic', 'listener', or members of its JSON like 'data.account'; a
 * leading dot says that it is a member in any case. A string, or null where there is nothing.
 * The event remembers its last answer: chart, table and filter mostly ask the same.
 */
export function lookUp(event, path, json) {
  if (path === 'topic' || path === 'listener') return event[path] || null;
  if (event.path !== path) {
    event.path = path;
    const all = path.replace(/^\./, '');
    event.value = named(event.kind === 'text' ? member(json ?? parsed(event.text), all) : undefined);
  }
  return event.value;
}

// Its own members only, and of a list the items, not the length.
const has = (json, name) => Object.prototype.propertyIsEnumerable.call(json, name);

/** A member's name may hold dots itself. */
function member(json, path) {
  if (json === null || typeof json !== 'object') return undefined;
  if (has(json, path)) return json[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot);
    const found = has(json, name) ? member(json[name], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function named(value) {
  if (value === undefined) return null;
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? '[…]' : '{…}';
  const text = String(value);
  return text.length > longestValue ? text.slice(0, longestValue) + '…' : text;
}
