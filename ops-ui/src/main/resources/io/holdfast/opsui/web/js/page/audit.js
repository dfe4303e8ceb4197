/// The audit: what users did or tried, newest first.

import { h } from '../dom.js';
import { RecordList } from '../part/list.js';
import { badge, when } from '../part/marks.js';
import { changed, link } from '../route.js';

const ATTRIBUTES = [...['user', 'command', 'outcome'].map((name) => ({ name, kind: 'text' })),
  { name: 'timeMillis', kind: 'number' }];

export function audit({ route }) {
  let place = route;
  const list = new RecordList(route, {
    path: '/v1/audit', caption: 'Audit', attributes: ATTRIBUTES, words: ['audit', 'list'],
    presets: [{ label: 'refused only', where: 'outcome!=accepted' }], empty: 'Nobody did anything like that.',
    columns: [
      { name: 'time', label: 'When', value: (row) => row.timeMillis,
        cell: (row) => h('a', { href: link(['catalogs', 'audit', row.key]) }, when(row.timeMillis)) },
      { name: 'user', label: 'User', value: (row) => row.user, cell: (row) => only('user', row.user) },
      { name: 'command', label: 'What', value: (row) => row.command, cell: (row) => only('command', row.command) },
      { name: 'target', label: 'Target', value: (row) => row.target,
        cell: (row) => h('span', { class: 'key' }, row.target) },
      { name: 'outcome', label: 'Outcome', value: (row) => row.outcome,
        cell: (row) => badge(row.outcome, row.outcome === 'accepted' ? 'good' : 'attention') },
      { name: 'index', label: 'Ledger index', isNumber: true, value: (row) => row.index },
      { name: 'request', label: 'Request', value: (row) => row.requestId,
        cell: (row) => h('span', { class: 'key' }, row.requestId) },
    ],
  });

  function only(name, value) {
    return h('a', { href: changed(place, { where: [`${name}=${value}`], cursor: null }),
      title: `Only ${name} ${value}` }, value);
  }

  return {
    title: 'Audit',
    element: h('div', {}, h('h1', {}, 'Audit'),
      h('p', {}, 'Commands of users that the cluster decided. Apart from them: ',
        h('a', { href: link(['catalogs', 'refusals']) }, 'calls that were refused because of who made them'), '.'),
      list.element),
    catalogs: ['audit'],
    refresh: () => list.refresh(),
    update(next) {
      place = next;
      return list.update(next);
    },
  };
}
