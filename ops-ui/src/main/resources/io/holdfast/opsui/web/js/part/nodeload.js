/// What a node carries: what moves or is missed if it goes.

import { get, read } from '../api.js';
import { h } from '../dom.js';
import { bytes, count } from '../format.js';
import { link } from '../route.js';
import { roleOf, voters } from '../risk.js';
import { applicationOf, plain } from './appnames.js';
import { badge } from './marks.js';
import { plainTable } from './table.js';

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

/** What becomes of what a node carries, by what is done to it. */
const CONSEQUENCES = {
  drain: {
    volumes: 'go on being served here until its process stops, then elsewhere',
    instances: 'are saved and end here; the next request starts each at another node',
    fragments: 'stay and are read here; new ones go elsewhere',
    vote: 'goes on voting',
  },
  maintenance: {
    volumes: 'go on being served here; once it is away, another node takes them over within about ten seconds',
    instances: 'are saved and end here; the next request starts each at another node',
    fragments: 'stay; while it is away they are read around, and are not rebuilt',
    vote: 'goes on voting; while it is away, one voter is missing',
  },
  evict: {
    volumes: 'are taken over by another node within about ten seconds',
    instances: 'are lost with what they did since they were last saved; the next request starts each elsewhere',
    fragments: 'are out of reach at once, and rebuilt from parity on other disks',
    vote: 'votes no more',
  },
};

/**
 * What an action on the node brings about, for people to read before it.
 *
 * @param verb `drain`, `maintenance` or `evict`
 */
export async function planOf(node, verb) {
  const [load, status] = await Promise.all([loadOf(node), get('/v1/overview')]);
  const others = status.nodes.filter((one) => one.name !== node && one.state === 'joined' && one.answers);
  const fragments = load.disks.reduce((sum, disk) => sum + disk.fragments, 0);
  const used = load.disks.reduce((sum, disk) => sum + disk.usedBytes, 0);
  const what = CONSEQUENCES[verb];
  return [h('h3', {}, 'What will happen'), plainTable('Plan', ['There now', 'Then'], [
    [load.volumes.length === 0 ? 'It serves no volumes' : [`Volumes that it serves: ${count(load.volumes.length)}, `,
      volumeLinks(load.volumes)], load.volumes.length === 0 ? '' : what.volumes],
    [load.instances.length === 0 ? 'No instances of applications' : ['Instances of applications: ',
      instanceLinks(load.instances)], load.instances.length === 0 ? '' : what.instances],
    [`${count(fragments)} fragments on its disks, ${bytes(used)}`, fragments === 0 ? '' : what.fragments],
    [`Its part in the ledger: ${roleOf(status.nodes.find((one) => one.name === node) ?? {}) || 'not known'}`,
      ledgerThen(node, status, what, verb)],
    [`${count(others.length)} other nodes take work`, others.length < 3
      ? badge('fewer than the three that a profile 2+1 needs for new chunks', 'attention') : 'enough for a profile 2+1'],
  ])];
}

function ledgerThen(node, status, what, verb) {
  const votersNow = voters(status).map((one) => one.name);
  if (!votersNow.includes(node)) {
    return 'does not change: it does not vote';
  }
  const left = votersNow.length - 1;
  const loss = votersNow.length - Math.floor(votersNow.length / 2) - 1;
  return [what.vote, verb === 'evict' ? `; ${count(left)} voters are left, another node may take its place`
    : loss < 1 ? [', ', badge('without it no change is possible', 'attention')]
      : `; while it is away, ${count(loss - 1)} more may fail`, status.leader === node && verb === 'evict'
    && '; another leads after about a second'];
}
