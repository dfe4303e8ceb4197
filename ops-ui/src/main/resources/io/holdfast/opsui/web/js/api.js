/// The API of the node that served this page. Changes carry the header that other origins cannot send, and an
/// idempotency key, so that a repetition after a lost answer changes nothing.

const TIMEOUT_MILLIS = 15_000;

/** What the API refused, with its code and hint. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `the node answered ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = body.code || 'unknown';
    this.hint = body.hint || '';
    this.requestId = body.requestId || '';
  }
}

/** The node did not answer; whether a change happened is not known. */
export class Unreachable extends Error {
  constructor(cause) {
    super('the node does not answer', { cause });
    this.name = 'Unreachable';
  }
}

/** Lets pass what calls may end with; anything else is a fault of this program, and is not to be hidden. */
export function onlyOfCalls(error) {
  if (!(error instanceof Problem || error instanceof Unreachable || error.name === 'AbortError')) {
    throw error;
  }
}

/** Tells `unauthenticated`, `unreachable` and `answered`. */
export const signals = new EventTarget();

let seenIndex = 0;
let newestIndex = 0;

/** The newest ledger entry that any answer reflected. */
export function latestIndex() {
  return newestIndex;
}

/** Reads what takes no word on consistency: status, who I am, the list of catalogs. */
export function get(path, options = {}) {
  return call('GET', path, options);
}

/** Reads records: at least as new as the newest change made here. */
export function read(path, parameters = {}, options = {}) {
  const query = queryText({ ...parameters, ...(seenIndex > 0 ? { consistency: 'session' } : {}) });
  return call('GET', query ? `${path}?${query}` : path, {
    signal: options.signal,
    headers: seenIndex > 0 ? { 'Holdfast-Index': String(seenIndex) } : {},
  });
}

/** Makes a change: `{method, path, body, ifMatch, patienceMillis}`. */
export async function change(request, key) {
  const headers = {};
  if (request.ifMatch !== undefined) {
    headers['If-Match'] = `"${request.ifMatch}"`;
  }
  if (request.ifNoneMatch) {
    headers['If-None-Match'] = request.ifNoneMatch;
  }
  if (key && request.isIdempotent !== false) {
    headers['Idempotency-Key'] = key;
  }
  const reply = await call(request.method, request.path,
    { headers, body: request.body, patienceMillis: request.patienceMillis });
  if (typeof reply?.index === 'number') {
    seenIndex = Math.max(seenIndex, reply.index);
  }
  return reply;
}

/** The text of a query; a list gives its parameter several times, what is empty is left out. */
export function queryText(parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== '') {
        query.append(name, one);
      }
    }
  }
  return query.toString();
}

/** Exchanges a pasted token for a session: the token makes a login link, which the browser then follows. */
export async function loginPath(token) {
  const link = await call('POST', '/v1/login-links', {
    headers: { Authorization: `Bearer ${token}` },
    isLogin: true,
  });
  if (!link.path.startsWith('/login?')) {
    throw new Error('the node answered with a path that is no login link');
  }
  return link.path;
}

async function call(method, path, { headers = {}, body, signal, isLogin = false, patienceMillis } = {}) {
  const reply = await send(method, path, { headers, body, signal, isLogin, patienceMillis });
  signals.dispatchEvent(new Event('answered'));
  if (reply.status === 204) {
    return null;
  }
  const json = await jsonOf(reply);
  if (typeof json.index === 'number') {
    newestIndex = Math.max(newestIndex, json.index);
  }
  if (!reply.ok) {
    if (reply.status === 401 && !isLogin) {
      signals.dispatchEvent(new Event('unauthenticated'));
    }
    throw new Problem(reply.status, json);
  }
  return json;
}

async function send(method, path, { headers, body, signal, isLogin, patienceMillis = TIMEOUT_MILLIS }) {
  const all = { Accept: 'application/json', ...headers };
  if (method !== 'GET') {
    all['Holdfast-Csrf'] = '1';
  }
  if (body !== undefined) {
    all['Content-Type'] = 'application/json';
  }
  const deadline = AbortSignal.timeout(patienceMillis);
  try {
    return await fetch(path, {
      method,
      headers: all,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: isLogin ? 'omit' : 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
  } catch (cause) {
    if (signal?.aborted) {
      throw cause;
    }
    signals.dispatchEvent(new Event('unreachable'));
    throw new Unreachable(cause);
  }
}

async function jsonOf(reply) {
  try {
    return await reply.json();
  } catch (cause) {
    if (reply.ok) {
      throw new Unreachable(cause);
    }
    return {};
  }
}

/** A key that no other change has. */
export function freshKey() {
  return crypto.randomUUID();
}

/** One part of a path. */
export function segment(text) {
  return encodeURIComponent(text);
}
