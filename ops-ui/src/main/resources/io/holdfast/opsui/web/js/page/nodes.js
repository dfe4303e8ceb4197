/// The hosts: by zone with their disks, as a list, and how far they are from each other.

import { get, onlyOfCalls } from '../api.js';
import { freshId, h, Keyed, patch, patchIfNew, replace } from '../dom.js';
import { bytes, count, roundTrip } from '../format.js';
import { distancesOf } from '../part/distances.js';
import { badge, panel, problem, waiting } from '../part/marks.js';
import { orderOf, table } from '../part/table.js';
import { every } from '../poll.js';
import { lagOf, lifeOf, roleOf } from '../risk.js';
import { changed, go, link } from '../route.js';
import { learn } from '../session.js';

const STATUS_MILLIS = 3_000;
const PAGE_NODES = 50;

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
  return {
    key: node.name, zone: node.zone, state: node.state, answers: node.answers, life: lifeOf(node),
    role: roleOf(node), applied: node.report?.lastApplied, lag: lagOf(node, status) ?? undefined,
    links: node.report ? `${node.report.linksUp} of ${node.report.linkCount}` : '–',
    version: node.report?.version ?? '–', api: node.addresses?.api ?? '–',
  };
}

export function nodes({ route, signal }) {
  let place = route;
  let status = null;
  const shown = table(COLUMNS, { caption: 'Nodes', empty: 'No node is like that.', order: place.query.get('sort'),
    onSort: (order) => go(changed(place, { sort: order }), true) });
  const outcome = h('div', {}, waiting('Asking the nodes…'));
  const zones = h('div', { class: 'zones' });
  const map = new ZoneMap(zones);
  const distances = h('div');
  const id = freshId('find');
  const find = h('input', { id, type: 'search', class: 'search', value: place.query.get('find') ?? '',
    placeholder: 'Name, zone, state…', autocomplete: 'off', spellcheck: 'false',
    on: { input: () => go(changed(place, { find: find.value, page: null }), true) } });
  const foot = h('div', { class: 'list-foot' });

  function draw() {
    const wanted = (place.query.get('find') ?? '').toLowerCase();
    const rows = shown.sorted((status?.nodes ?? []).map((node) => rowOf(node, status)).filter((row) =>
      [row.key, row.zone, row.state, row.answers ? row.life : 'silent', row.role, row.api].join(' ').toLowerCase().includes(wanted)));
    const last = Math.max(0, Math.ceil(rows.length / PAGE_NODES) - 1);
    const page = Math.min(last, Math.max(0, Number(place.query.get('page')) || 0));
    shown.rows = rows.slice(page * PAGE_NODES, (page + 1) * PAGE_NODES);
    patchIfNew(foot, [rows.length, page, place.query.toString()], () => [
      h('span', { class: 'faint' }, `${count(rows.length)} nodes${last > 0 ? `, page ${page + 1} of ${last + 1}` : ''}`),
      last > 0 && h('nav', { 'aria-label': 'Pages of the list' },
        page > 0 && h('a', { class: 'button', href: changed(place, { page: page - 1 }) }, 'Previous'),
        page < last && h('a', { class: 'button', href: changed(place, { page: page + 1 }) }, 'Next'))]);
  }

  async function refresh() {
    try {
      status = await get('/v1/overview', { signal });
      learn(status);
      replace(outcome);
      map.show(status);
      draw();
      patchIfNew(distances, rounded(status), () => distancesOf(status));
    } catch (error) {
      onlyOfCalls(error);
      if (!signal.aborted && status === null) {
        replace(outcome, problem(error));
      }
    }
  }

  every(STATUS_MILLIS, refresh, signal);
  const element = h('div', {}, h('h1', {}, 'Nodes'), zones,
    h('div', { class: 'filters' }, h('label', { for: id, class: 'unseen' }, 'Find a node'), find), outcome, shown, foot,
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
        shown.orderBy(orderOf(place.query.get('sort')));
      }
      draw();
    },
  };
}

const CARDS_MAX = 30;

/// Round trips change at each look; what people see of them does not.
function rounded({ nodes, ways }) {
  return [nodes.map((node) => [node.name, node.state]), ways.brokenCount, ...[ways.each ?? [], ways.zones, ways.broken,
    ways.slowest].map((some) => some.map((one) => [one.from, one.to, one.state, roundTrip(one.roundTripNanos)]))];
}

/// Hosts by zone as cards with their disks; as lines once they are many, with the disks that are in trouble.
class ZoneMap {
  #zones;
  #hosts = new Map();

  constructor(element) {
    this.#zones = new Keyed(element);
  }

  async show({ nodes, storage }) {
    const disks = new Map(storage.nodes.map((one) => [one.node, one.disks]));
    const members = nodes.filter((node) => node.state !== 'evicted')
      .map((node) => ({ name: node.name, zone: node.zone, state: node.answers ? node.state : 'silent',
        role: roleOf(node), disks: disks.get(node.name) ?? [] }));
    const isDense = members.length > CARDS_MAX;
    const byZone = [...Map.groupBy(members, (node) => node.zone)]
      .sort(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }));
    await this.#zones.show(byZone, { keyOf: ([zone]) => zone, printOf: () => '', draw: ([zone]) => this.#zone(zone) });
    for (const [zone, hosts] of byZone) {
      const place = this.#hosts.get(zone);
      patch(place.count, hosts.length === 1 ? '1 host' : `${count(hosts.length)} hosts`);
      place.list.className = isDense ? 'hosts dense' : 'hosts';
      await place.keyed.show(hosts, { keyOf: (host) => host.name, draw: isDense ? line : card,
        printOf: (host) => JSON.stringify([isDense, host]) });
    }
  }

  #zone(zone) {
    const list = h('ul', { class: 'hosts' });
    const hosts = h('span', { class: 'faint' });
    this.#hosts.set(zone, { list, count: hosts, keyed: new Keyed(list) });
    return h('section', { class: 'zone' }, h('h2', {}, `Zone ${zone} `, hosts), list);
  }
}

function line(host) {
  const troubled = host.disks.filter((disk) => disk.state !== 'serving');
  return h('li', {}, h('a', { href: link(['nodes', host.name]) }, host.name), ' ', badge(host.state), ' ',
    host.role && host.role !== 'follower' && badge(host.role, host.role === 'leader' ? 'good' : 'plain'),
    troubled.map((disk) => [' ', badge(`disk ${disk.disk} ${disk.state}`, 'bad')]));
}

function card(host) {
  const fragments = host.disks.reduce((sum, disk) => sum + disk.fragments, 0);
  return h('li', {}, h('a', { class: 'card', href: link(['nodes', host.name]) },
    h('strong', {}, host.name), h('span', {}, badge(host.state), ' ',
      host.role && badge(host.role, host.role === 'leader' ? 'good' : 'plain')),
    host.disks.length === 0 ? h('span', { class: 'faint' }, host.state === 'silent' ? 'its disks are not known'
      : 'no disks') : [host.disks.map((disk) => diskLine(host.name, disk)),
      h('span', { class: 'faint' }, `${count(fragments)} fragments`)]));
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
