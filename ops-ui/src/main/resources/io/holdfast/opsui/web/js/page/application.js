/// One application: its instances, what is saved of it, what it writes.

import { get, onlyOfCalls, read } from '../api.js';
import { h, patch, replace } from '../dom.js';
import { bytes, count, duration, entryOf } from '../format.js';
import { applicationActions } from '../part/appactions.js';
import { applicationPath, gatewayPath, lastOf, plain } from '../part/appnames.js';
import { LogView } from '../part/log.js';
import { badge, facts, panel, problem, waiting, when } from '../part/marks.js';
import { recordView } from '../part/record.js';
import { appSnapshotActions } from '../part/snapshotactions.js';
import { startsView } from '../part/starts.js';
import { table } from '../part/table.js';
import { tree } from '../part/tree.js';
import { go, link } from '../route.js';
import { mayActAs } from '../session.js';
import { stateOf } from './applications.js';

const SNAPSHOTS_MAX = 500;
const INSTANCES_MAX = 1_000;

const COLUMNS = [
  { name: 'slot', label: 'Slot', value: (row) => Number(lastOf(row.key)) },
  { name: 'state', label: 'State', value: (row) => row.state, cell: (row) => badge(row.state) },
  { name: 'node', label: 'Node', value: (row) => row.node,
    cell: (row) => h('a', { href: link(['nodes', row.node]) }, row.node) },
  { name: 'since', label: 'Since', cell: (row) => when(row.stateDetails?.sinceMillis) },
  { name: 'begin', label: 'Began', cell: begin },
  { name: 'claimed', label: 'On this node since', cell: (row) => when(row.claimedMillis) },
  { name: 'reason', label: 'Says', value: (row) => row.stateDetails?.reason,
    cell: (row) => row.stateDetails?.reason
      ? `${row.stateDetails.reason} (${count(row.stateDetails.failures)} times in a row)` : '–' },
];

/// A start that was not interrupted took from the claim to the moment it was ready.
function begin(row) {
  if (row.state !== 'ready' && row.state !== 'asleep') {
    return '–';
  }
  const snapshot = row.stateDetails?.snapshot;
  return snapshot ? ['restored from ', h('span', { class: 'key' }, snapshot)]
    : `cold, in ${duration(Math.max(0, row.stateDetails.sinceMillis - row.claimedMillis))}`;
}

export function application({ route, signal }) {
  const key = route.segments[1];
  const path = applicationPath(key);
  const actions = h('div', { class: 'buttons' });
  const outcome = h('div', {}, waiting());
  const now = h('div');
  const lineage = h('div');
  const starts = h('div');
  const specification = h('div');
  const instances = table(COLUMNS, { caption: 'Instances', empty: 'None: a request starts it.' });
  const log = mayActAs('operator') ? new LogView(path, signal) : null;
  let shownVersion = -1;

  async function refresh() {
    try {
      const [record, placed, saved, begun] = await Promise.all([read(path, {}, { signal }),
        read(`${path}/instances`, { limit: INSTANCES_MAX }, { signal }),
        read('/v1/snapshots', { prefix: `${key}/`, limit: SNAPSHOTS_MAX }, { signal }),
        get(`${path}/starts`, { signal })]);
      replace(outcome);
      patch(starts, startsView(begun));
      draw(record, placed.items, saved);
    } catch (error) {
      onlyOfCalls(error);
      if (!signal.aborted && (shownVersion < 0 || error.status === 404)) {
        replace(outcome, problem(error));
      }
    }
  }

  function draw(record, placed, saved) {
    if (record.version !== shownVersion) {
      shownVersion = record.version;
      replace(actions, applicationActions(record, done));
      patch(specification, record.spec ? recordView(record.spec)
        : h('p', { class: 'faint' }, 'Only its snapshots are known.'));
    }
    patch(now, nowFacts(record));
    instances.rows = placed;
    patch(lineage, savedTree(record, saved, done));
  }

  function done(reply) {
    if (reply?.isDeleted) {
      go(link(['applications']));
    } else {
      refresh();
    }
  }

  return {
    title: plain(key),
    element: h('div', {},
      h('p', { class: 'crumbs' }, h('a', { href: link(['applications']) }, 'Applications'), ' / ', plain(key)),
      h('div', { class: 'title-line' }, h('h1', {}, plain(key)), actions), outcome,
      panel('Now', now), panel('Instances', instances),
      panel('From the request to the first byte', starts), panel('Saved states', lineage),
      log && panel('What it writes', log.element), panel('What it is to be', specification)),
    catalogs: ['applications', 'placements', 'snapshots'],
    refresh,
  };
}

function nowFacts(record) {
  const { scaling } = record.spec ?? {};
  return facts([
    ['State', badge(stateOf(record))],
    ['Instances', scaling ? `${count(record.placedCount)}; ${count(scaling.countMin)} to ${count(scaling.countMax)} `
      + 'are wanted' : count(record.placedCount)],
    record.spec?.port > 0 && ['Answers at', h('a', { href: `${location.origin}${gatewayPath(record.key)}` },
      `${location.origin}${gatewayPath(record.key)}`)],
    scaling && ['Without a request', scaling.idleMillis > 0
      ? `${scaling.onIdle === 'save' ? 'saved and put to sleep' : 'ended'} after ${duration(scaling.idleMillis)}`
      : 'it goes on'],
    ['Goes on from', record.base ?? 'its newest ready snapshot, if it has one'],
    ['Snapshots', `${count(record.snapshotCount)}, ${count(record.readyCount)} ready and not protected; keeps `
      + `${count(record.keepCount)}${record.keepMillis ? `, each for ${duration(record.keepMillis)}` : ''}`],
    ['Record', h('a', { href: link(['catalogs', 'applications', record.key]) }, `ledger entry ${count(entryOf(record.version))}`)],
  ]);
}

function savedTree(record, saved, done) {
  if (saved.items.length === 0) {
    return h('p', { class: 'faint' }, 'Nothing is saved of it yet.');
  }
  return [saved.next && h('p', { class: 'faint' }, `The first ${count(saved.items.length)}; `,
    h('a', { href: link(['snapshots'], { prefix: `${record.key}/` }) }, 'all of them')),
  tree(saved.items, { nameOf: (one) => lastOf(one.key), parentOf: (one) => one.parent,
    draw: (one) => snapshotLine(one, record.base, done) })];
}

/** What a snapshot's files have; one of an earlier version tells only what was stored. */
export function contentOf(snapshot) {
  return snapshot.stored?.contentBytes || snapshot.chargedBytes;
}

/** A snapshot in a tree. */
export function snapshotLine(one, base, done) {
  const name = lastOf(one.key);
  return [h('span', {}, h('a', { href: link(['snapshots', one.key]) }, name), ' ', badge(one.state),
    one.isProtected && [' ', badge('protected', 'good')], base === name && [' ', badge('next start', 'plain')],
    h('span', { class: 'faint' }, ` ${bytes(contentOf(one))}, of these ${
      bytes(one.stored?.sharedBytes ?? 0)} shared with earlier ones, ${one.origin}, `, when(one.createdMillis),
      one.parent && `, after ${one.parent}`),
    one.stateDetails?.reason && h('span', { class: 'faint' }, `: ${one.stateDetails.reason}`)),
  h('span', { class: 'buttons' }, appSnapshotActions(one, done))];
}
