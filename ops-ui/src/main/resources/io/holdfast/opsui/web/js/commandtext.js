/// The same call for people with a terminal: as a command line of `holdfast`, and as curl.

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word as a shell takes it. */
export function quoted(word) {
  const text = String(word);
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line of words. */
export function commandLine(words) {
  return ['holdfast', ...words].map(quoted).join(' ');
}

/** The call with curl; the token and the cluster's certificate authority are the caller's own. */
export function curlLine(request, origin) {
  const parts = ['curl --cacert ca.crt', '-H "Authorization: Bearer $TOKEN"'];
  if (request.method !== 'GET') {
    parts.push(`-X ${request.method}`);
  }
  if (request.ifMatch !== undefined) {
    parts.push(`-H ${quoted(`If-Match: "${request.ifMatch}"`)}`);
  }
  if (request.ifNoneMatch) {
    parts.push(`-H ${quoted(`If-None-Match: ${request.ifNoneMatch}`)}`);
  }
  if (request.body !== undefined) {
    parts.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(request.body))}`);
  }
  parts.push(quoted(origin + request.path));
  return parts.join(' \\\n  ');
}
