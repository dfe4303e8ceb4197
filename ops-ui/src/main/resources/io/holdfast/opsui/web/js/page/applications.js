/// The applications: what each is to be, and where its instances run.

import { read } from '../api.js';
import { h } from '../dom.js';
import { count } from '../format.js';
import { createApplication } from '../part/appform.js';
import { applicationKey, applicationOf, gatewayPath, plain } from '../part/appnames.js';
import { RecordList } from '../part/list.js';
import { badge } from '../part/marks.js';
import { link } from '../route.js';

const INSTANCES_MAX = 1_000;

const ATTRIBUTES = [{ name: 'state', kind: 'text' }, { name: 'placed', kind: 'number' },
  { name: 'ready', kind: 'number' }];

const COLUMNS = [
  { name: 'key', label: 'Name', value: (row) => row.key,
    cell: (row) => h('a', { href: link(['applications', row.key]) }, plain(row.key)) },
  { name: 'state', label: 'State', value: stateOf, cell: (row) => badge(stateOf(row)) },
  { name: 'instances', label: 'Instances', isNumber: true, value: (row) => row.placedCount,
    cell: (row) => count(row.placedCount) },
  { name: 'where', label: 'Where and how', cell: where },
  { name: 'root', label: 'Root', value: (row) => row.spec?.root,
    cell: (row) => h('span', { class: 'key' }, row.spec?.root ?? '–') },
  { name: 'gateway', label: 'Answers at', cell: (row) => (row.spec?.port > 0
    ? h('a', { href: `${location.origin}${gatewayPath(row.key)}` }, gatewayPath(row.key)) : 'serves nothing') },
  { name: 'ready', label: 'Ready snapshots', isNumber: true, value: (row) => row.readyCount,
    cell: (row) => h('a', { href: link(['snapshots'], { prefix: `${row.key}/` }) }, count(row.readyCount)) },
];

export function applications({ route }) {
  const list = new RecordList(route, {
    path: '/v1/applications', caption: 'Applications', hasPrefix: true, prefixOf: applicationKey,
    attributes: ATTRIBUTES,
    presets: ['running', 'stopped'].map((state) => ({ label: state, where: `state=${state}` })),
    words: ['app', 'list'], empty: 'No application is like that.', columns: COLUMNS, arrived: withInstances,
  });
  return {
    title: 'Applications',
    element: h('div', {}, h('div', { class: 'title-line' }, h('h1', {}, 'Applications'),
      h('div', { class: 'buttons' }, createApplication(() => list.refresh()))), list.element),
    catalogs: ['applications', 'placements'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

/** What an application is to do. */
export function stateOf(record) {
  if (!record.spec) {
    return 'undefined';
  }
  if (record.isStopped) {
    return 'stopped';
  }
  return record.placedCount > 0 ? 'running' : 'idle';
}

/// One call for the instances of all; beyond its bound an application's own page tells where they are.
async function withInstances(items) {
  if (!items.some((item) => item.placedCount > 0)) {
    return items;
  }
  const page = await read('/v1/catalogs/placements', { limit: INSTANCES_MAX });
  const byApplication = Map.groupBy(page.items, (one) => applicationOf(one.key));
  return items.map((item) => ({ ...item, instances: byApplication.get(item.key) ?? [] }));
}

function where(row) {
  const instances = row.instances ?? [];
  if (instances.length === 0) {
    return row.placedCount > 0 ? 'see its page' : 'none: a request starts it';
  }
  return instances.slice(0, 4).map((one) => h('span', { class: 'instance' },
    badge(one.state), ' ', h('a', { href: link(['nodes', one.node]) }, one.node)));
}
