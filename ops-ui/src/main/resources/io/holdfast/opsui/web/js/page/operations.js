/// Long work: how far it is, and a way to stop it.

import { segment } from '../api.js';
import { h } from '../dom.js';
import { actionButton } from '../part/action.js';
import { RecordList } from '../part/list.js';
import { badge, when } from '../part/marks.js';
import { link } from '../route.js';
import { mayActAs } from '../session.js';

const ATTRIBUTES = ['state', 'kind', 'owner', 'target'].map((name) => ({ name, kind: 'text' }));

export function operations({ route }) {
  const list = new RecordList(route, {
    path: '/v1/operations', caption: 'Operations', hasPrefix: true, attributes: ATTRIBUTES,
    presets: ['running', 'failed', 'succeeded'].map((state) => ({ label: state, where: `state=${state}` })),
    words: ['operation', 'list'], empty: 'No operation is like that.',
    columns: [
      { name: 'key', label: 'Id', value: (row) => row.key,
        cell: (row) => h('a', { href: link(['catalogs', 'operations', row.key]), class: 'key' }, row.key) },
      { name: 'kind', label: 'Kind', value: (row) => row.kind },
      { name: 'target', label: 'Target', value: (row) => row.target },
      { name: 'state', label: 'State', value: (row) => row.state, cell: (row) => badge(row.state) },
      { name: 'progress', label: 'Progress', value: (row) => row.permille, cell: progress },
      { name: 'message', label: 'Says', value: (row) => row.stateDetails?.reason ?? row.message },
      { name: 'owner', label: 'Node', value: (row) => row.owner,
        cell: (row) => h('a', { href: link(['nodes', row.owner]) }, row.owner) },
      { name: 'started', label: 'Started', value: (row) => row.startedMillis,
        cell: (row) => when(row.startedMillis) },
      { name: 'updated', label: 'Reported', value: (row) => row.updatedMillis,
        cell: (row) => when(row.updatedMillis) },
      { name: 'actions', label: '', cell: (row) => row.state === 'running' && mayActAs('operator')
        && cancel(row, () => list.refresh()) },
    ],
  });
  return {
    title: 'Operations',
    element: h('div', {}, h('h1', {}, 'Operations'), list.element),
    catalogs: ['operations'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

function progress(row) {
  return h('span', { class: 'progress' },
    h('progress', { max: 1000, value: row.permille, 'aria-label': `Progress of ${row.key}` }),
    ` ${(row.permille / 10).toFixed(0)} %`);
}

function cancel(row, after) {
  return actionButton('Cancel…', {
    title: `Cancel ${row.key}`, button: 'Ask it to stop', after,
    explain: `${row.kind} on ${row.target || 'the cluster'} ends at its next safe point.`,
    request: () => ({ method: 'POST', path: `/v1/operations/${segment(row.key)}/cancel` }),
    command: () => ['operation', 'cancel', row.key],
  }, { isQuiet: true });
}
