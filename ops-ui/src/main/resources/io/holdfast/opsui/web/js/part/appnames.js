/// Names of applications and snapshots: keys of the API have a tenant, the command line leaves `default/` out.

import { segment } from '../api.js';

const STANDARD = 'default/';

/** A key as people write it. */
export function plain(key) {
  return key.startsWith(STANDARD) ? key.slice(STANDARD.length) : key;
}

/** A name as the API's key. */
export function applicationKey(name) {
  return name.includes('/') ? name : STANDARD + name;
}

/** The application of a snapshot's or an instance's key. */
export function applicationOf(key) {
  return key.slice(0, key.lastIndexOf('/'));
}

/** The last part of a key: a snapshot's name, an instance's slot. */
export function lastOf(key) {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** An application's place in the API. */
export function applicationPath(key) {
  return `/v1/applications/${segment(key)}`;
}

/** Where the gateway answers for an application. */
export function gatewayPath(key) {
  return `/apps/${plain(key).replace('/', '~')}/`;
}
