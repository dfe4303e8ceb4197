/// What a node carries: what moves or is missed if it goes.

import { get, read } from '../api.js';
import { h } from '../dom.js';
import { bytes, count } from '../format.js';
import { link } from '../route.js';
import { roleOf } from '../risk.js';
import { applicationOf, plain } from './appnames.js';
import { badge, facts } from './marks.js';

const LIMIT = 1_000;
const SHOWN_MAX = 12;

/** What the node carries, in two calls however much that is: `{volumes, instances, disks}`. */
export async function loadOf(node, signal) {
  const [placements, storage] = await Promise.all([
    read('/v1/catalogs/placements', { where: `node=${node}`, limit: LIMIT }, { signal }),
    get('/v1/storage', { signal })]);
  const known = storage.nodes.find((one) => one.node === node);
  return { volumes: known?.volumes ?? [], instances: placements.items, disks: known?.disks ?? [] };
}

/** Volumes as links. */
export function volumeLinks(volumes) {
  return some(volumes, (volume) => h('a', { href: link(['volumes', volume]) }, volume));
}

/** Instances as links to their applications. */
export function instanceLinks(instances) {
  return some(instances, (one) => [h('a', { href: link(['applications', applicationOf(one.key)]) },
    plain(applicationOf(one.key))), ' ', badge(one.state)]);
}

function some(all, draw) {
  return all.length === 0 ? 'none' : [all.slice(0, SHOWN_MAX).map((one, place) => [place > 0 && ', ', draw(one)]),
    all.length > SHOWN_MAX && ` and ${count(all.length - SHOWN_MAX)} more`];
}

/** What an action on the node affects, for people to read before it. */
export async function planOf(node) {
  const [load, status] = await Promise.all([loadOf(node), get('/v1/status')]);
  const others = status.nodes.filter((one) => one.name !== node && one.state === 'joined' && one.answers);
  const role = roleOf(status.nodes.find((one) => one.name === node) ?? {});
  const fragments = load.disks.reduce((sum, disk) => sum + disk.fragments, 0);
  return [h('h3', {}, 'What is there now'), facts([
    ['Volumes that it serves', volumeLinks(load.volumes)],
    ['Instances of applications', instanceLinks(load.instances)],
    ['Fragments on its disks', `${count(fragments)}, ${bytes(load.disks.reduce((sum, disk) =>
      sum + disk.usedBytes, 0))}`],
    ['Part in the ledger', role || 'it does not answer'],
    ['Other nodes that take work', others.length < 3
      ? [badge(count(others.length), 'attention'), ' a profile 2+1 needs three for each new chunk']
      : count(others.length)],
  ])];
}
