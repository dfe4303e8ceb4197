/// The hosts: by zone with their disks, as a list, and how far they are from each other.

import { get, onlyOfCalls } from '../api.js';
import { freshId, h, patch, replace } from '../dom.js';
import { bytes, count } from '../format.js';
import { distancesOf } from '../part/distances.js';
import { badge, panel, problem, waiting } from '../part/marks.js';
import { table } from '../part/table.js';
import { every } from '../poll.js';
import { lagOf, lifeOf, roleOf } from '../risk.js';
import { changed, go, link } from '../route.js';
import { learn } from '../session.js';

const STATUS_MILLIS = 3_000;

const COLUMNS = [
  { name: 'name', label: 'Name', value: (row) => row.key,
    cell: (row) => h('a', { href: link(['nodes', row.key]) }, row.key) },
  { name: 'zone', label: 'Zone', value: (row) => row.zone },
  { name: 'state', label: 'State', value: (row) => row.state, cell: (row) => badge(row.state) },
  { name: 'life', label: 'Life', value: (row) => row.life,
    cell: (row) => badge(row.answers ? row.life.toLowerCase() : 'silent') },
  { name: 'role', label: 'Ledger role', value: (row) => row.role,
    cell: (row) => (row.role ? badge(row.role, row.role === 'leader' ? 'good' : 'plain') : '–') },
  { name: 'applied', label: 'Applied', isNumber: true, value: (row) => row.applied,
    cell: (row) => count(row.applied) },
  { name: 'lag', label: 'Lag', isNumber: true, value: (row) => row.lag, cell: (row) => count(row.lag) },
  { name: 'links', label: 'Links up', isNumber: true, value: (row) => row.links },
  { name: 'version', label: 'Version', value: (row) => row.version },
  { name: 'api', label: 'API address', value: (row) => row.api },
];

function rowOf(node, status) {
  const links = node.report?.links ?? [];
  return {
    key: node.name, zone: node.zone, state: node.state, answers: node.answers, life: lifeOf(node),
    role: roleOf(node), applied: node.report?.lastApplied, lag: lagOf(node, status) ?? undefined,
    links: node.report ? `${links.filter((one) => one.state === 'up').length} of ${links.length}` : '–',
    version: node.report?.version ?? '–', api: node.addresses?.api ?? '–',
  };
}

export function nodes({ route, signal }) {
  let place = route;
  let status = null;
  let storage = null;
  let shown = build();
  const outcome = h('div', {}, waiting('Asking the nodes…'));
  const zones = h('div', { class: 'zones' });
  const distances = h('div');
  const id = freshId('find');
  const find = h('input', { id, type: 'search', class: 'search', value: place.query.get('find') ?? '',
    placeholder: 'Name, zone, state…', autocomplete: 'off', spellcheck: 'false',
    on: { input: () => go(changed(place, { find: find.value }), true) } });

  function build() {
    const text = place.query.get('sort') ?? '';
    return table(COLUMNS, {
      caption: 'Nodes', empty: 'No node is like that.',
      sort: { by: text.replace(/^-/, ''), isDescending: text.startsWith('-') },
      onSort: ({ by, isDescending }) => go(changed(place, { sort: (isDescending ? '-' : '') + by }), true),
    });
  }

  function draw() {
    const wanted = (place.query.get('find') ?? '').toLowerCase();
    shown.rows = (status?.nodes ?? []).map((node) => rowOf(node, status)).filter((row) =>
      [row.key, row.zone, row.state, row.life, row.role, row.api].join(' ').toLowerCase().includes(wanted));
  }

  async function refresh() {
    try {
      [status, storage] = await Promise.all([get('/v1/status', { signal }), get('/v1/storage', { signal })]);
      learn(status);
      replace(outcome);
      patch(zones, zonesOf(status, storage));
      patch(distances, distancesOf(status));
      draw();
    } catch (error) {
      onlyOfCalls(error);
      if (!signal.aborted && status === null) {
        replace(outcome, problem(error));
      }
    }
  }

  every(STATUS_MILLIS, refresh, signal);
  const element = h('div', {}, h('h1', {}, 'Nodes'), zones,
    h('div', { class: 'filters' }, h('label', { for: id, class: 'unseen' }, 'Find a node'), find), outcome, shown,
    panel('From each to each', distances));
  return {
    title: 'Nodes',
    element,
    catalogs: ['nodes'],
    refresh,
    update(next) {
      const isOtherSort = next.query.get('sort') !== place.query.get('sort');
      place = next;
      if (isOtherSort) {
        const old = shown;
        shown = build();
        old.replaceWith(shown);
      }
      draw();
    },
  };
}

const CARDS_MAX = 30;

/// Hosts as cards with their disks; as lines once they are many, with the disks that are in trouble.
function zonesOf(status, storage) {
  const disks = new Map(storage.nodes.map((one) => [one.node, one.disks]));
  const members = status.nodes.filter((node) => node.state !== 'evicted');
  const isDense = members.length > CARDS_MAX;
  const byZone = Map.groupBy(members, (node) => node.zone);
  return [...byZone].sort(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }))
    .map(([zone, hosts]) => h('section', { class: 'zone' },
      h('h2', {}, `Zone ${zone}`, h('span', { class: 'faint' }, ` ${hosts.length === 1 ? '1 host'
        : `${count(hosts.length)} hosts`}`)),
      h('ul', { class: isDense ? 'hosts dense' : 'hosts' }, hosts.map((node) => (isDense ? line : host)(
        node, disks.get(node.name) ?? [])))));
}

function line(node, disks) {
  const troubled = disks.filter((disk) => disk.state !== 'serving');
  const role = roleOf(node);
  return h('li', {}, h('a', { href: link(['nodes', node.name]) }, node.name), ' ',
    badge(node.answers ? node.state : 'silent'), ' ', role && role !== 'follower' && badge(role,
      role === 'leader' ? 'good' : 'plain'), troubled.map((disk) => [' ', badge(`disk ${disk.disk} ${disk.state}`, 'bad')]));
}

function host(node, disks) {
  return h('li', {}, h('a', { class: 'card', href: link(['nodes', node.name]) },
    h('strong', {}, node.name), h('span', {}, badge(node.answers ? node.state : 'silent'), ' ',
      roleOf(node) && badge(roleOf(node), roleOf(node) === 'leader' ? 'good' : 'plain')),
    disks.length === 0 ? h('span', { class: 'faint' }, node.answers ? 'no disks' : 'its disks are not known')
      : disks.map((disk) => diskLine(node.name, disk))));
}

/** A disk as a bar. */
export function diskLine(node, disk) {
  const all = disk.usedBytes + disk.freeBytes;
  return h('span', { class: 'disk' },
    h('span', { class: 'faint' }, `disk ${disk.disk} `, disk.state !== 'serving' && badge(disk.state)),
    h('meter', { min: 0, max: Math.max(1, all), value: disk.usedBytes, high: all * 0.85, optimum: 0,
      'aria-label': `Used space of disk ${disk.disk} of ${node}` }),
    h('span', { class: 'faint' }, `${bytes(disk.usedBytes)} of ${bytes(all)}`));
}
