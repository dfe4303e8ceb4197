/// Leases: who may act alone, until when, and under which fencing token.

import { segment } from '../api.js';
import { h } from '../dom.js';
import { count, entryOf } from '../format.js';
import { actionButton } from '../part/action.js';
import { RecordList } from '../part/list.js';
import { badge, when } from '../part/marks.js';
import { menu } from '../part/menu.js';
import { link } from '../route.js';
import { mayActAs } from '../session.js';

const ATTRIBUTES = [{ name: 'holder', kind: 'text' }, { name: 'token', kind: 'number' }];

export function leases({ route }) {
  const list = new RecordList(route, {
    path: '/v1/leases', caption: 'Leases', hasPrefix: true, attributes: ATTRIBUTES, words: ['lease', 'list'],
    empty: 'No lease is held.',
    columns: [
      { name: 'key', label: 'Name', value: (row) => row.key,
        cell: (row) => h('a', { href: link(['catalogs', 'leases', row.key]), class: 'key' }, row.key) },
      { name: 'holder', label: 'Holder', value: (row) => row.holder },
      { name: 'token', label: 'Fencing token', isNumber: true, value: (row) => row.token },
      { name: 'expires', label: 'Expires', value: (row) => row.expiresMillis,
        cell: (row) => (row.expiresMillis > Date.now() ? when(row.expiresMillis) : badge('expired')) },
      { name: 'version', label: 'Ledger entry', isNumber: true, value: (row) => row.version,
        cell: (row) => count(entryOf(row.version)) },
      { name: 'actions', label: '', cell: (row) => mayActAs('operator')
        && menu(row.key, () => actions(row, () => list.refresh())) },
    ],
  });
  return {
    title: 'Leases',
    element: h('div', {}, h('h1', {}, 'Leases'), list.element),
    catalogs: ['leases'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

function actions(row, after) {
  const path = `/v1/leases/${segment(row.key)}`;
  return [
    mayActAs('operator') && actionButton('Release…', {
      title: `Release ${row.key}`, button: 'Release', confirm: row.key, after,
      explain: `${row.holder} loses the right at once. It goes on acting unless it looks at its fencing token.`,
      request: () => ({ method: 'POST', path: `${path}/release`, body: { holder: row.holder, token: row.token } }),
      command: () => ['lease', 'release', row.key, '--holder', row.holder, '--token', row.token],
    }, { isDanger: true, isQuiet: true }),
    mayActAs('admin') && actionButton('Seize…', {
      title: `Seize ${row.key}`, button: 'Seize', confirm: row.key, after,
      explain: `The lease is taken from ${row.holder} and given to another, under a greater fencing token.`,
      fields: [{ name: 'holder', label: 'New holder', isRequired: true, lengthMax: 127 },
        { name: 'seconds', label: 'Seconds until it expires', kind: 'number', value: 60, min: 1, max: 86_400,
          isRequired: true }],
      request: (values) => ({ method: 'POST', path: `${path}/seize`,
        body: { holder: values.holder, ttlMillis: values.seconds * 1000 } }),
      command: (values) => ['lease', 'seize', row.key, '--holder', values.holder || 'HOLDER', '--ttl-seconds',
        values.seconds],
    }, { isDanger: true, isQuiet: true })];
}
