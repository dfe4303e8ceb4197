/// One application: its instances, what is saved of it, what it writes.

import { get, onlyOfCalls, read } from '../api.js';
import { h, patch, patchIfNew, replace } from '../dom.js';
import { bytes, count, duration, entryOf } from '../format.js';
import { applicationActions } from '../part/appactions.js';
import { applicationPath, gatewayPath, lastOf, plain } from '../part/appnames.js';
import { RecordList } from '../part/list.js';
import { LogView } from '../part/log.js';
import { badge, facts, panel, problem, waiting, when } from '../part/marks.js';
import { menu } from '../part/menu.js';
import { recordView } from '../part/record.js';
import { appSnapshotActions } from '../part/snapshotactions.js';
import { startsBySnapshot, startsView } from '../part/starts.js';
import { Tree } from '../part/tree.js';
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
  const remark = h('p', { class: 'faint' });
  const saved = new Tree();
  const starts = h('div');
  const specification = h('div');
  const instances = new RecordList(route, { path: `${path}/instances`, caption: 'Instances',
    attributes: ['state', 'node'].map((name) => ({ name, kind: 'text' })), words: ['app', 'ps', plain(key)],
    empty: 'None is like that; a request starts one.', columns: COLUMNS });
  const log = mayActAs('operator') ? new LogView(path, signal) : null;
  let shownVersion = -1;

  async function refresh() {
    instances.refresh();
    try {
      const [record, placed, page, begun] = await Promise.all([read(path, {}, { signal }),
        read(`${path}/instances`, { limit: INSTANCES_MAX }, { signal }),
        read('/v1/snapshots', { prefix: `${key}/`, limit: SNAPSHOTS_MAX }, { signal }),
        get(`${path}/starts`, { signal })]);
      replace(outcome);
      patchIfNew(starts, begun, () => startsView(begun));
      draw(record, placed.items, page, startsBySnapshot(begun));
    } catch (error) {
      onlyOfCalls(error);
      if (!signal.aborted && (shownVersion < 0 || error.status === 404)) {
        replace(outcome, problem(error));
      }
    }
  }

  function draw(record, placed, page, restored) {
    if (record.version !== shownVersion) {
      shownVersion = record.version;
      replace(actions, applicationActions(record, done));
      patch(specification, record.spec ? recordView(record.spec)
        : h('p', { class: 'faint' }, 'Only its snapshots are known.'));
    }
    patch(now, nowFacts(record));
    patch(remark, savedRemark(record, page));
    saved.show(page.items, { nameOf: (one) => lastOf(one.key), parentOf: (one) => one.parent,
      printOf: (one) => JSON.stringify([one, record.base, uses(one, placed, restored)]),
      draw: (one) => snapshotLine(one, record.base, refresh, uses(one, placed, restored)) });
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
      panel('Now', now), panel('Instances', instances.element),
      panel('From the request to the first byte', starts), panel('Saved states', remark, saved.element),
      log && panel('What it writes', log.element), panel('What it is to be', specification)),
    catalogs: ['applications', 'placements', 'snapshots'],
    refresh,
    update: (next) => instances.update(next),
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

function savedRemark(record, page) {
  if (page.items.length === 0) {
    return 'Nothing is saved of it yet.';
  }
  const all = h('a', { href: link(['snapshots'], { prefix: `${record.key}/` }) }, 'All of them as a list');
  return page.next ? [`The first ${count(page.items.length)}. `, all] : all;
}

/// Who runs on from a snapshot now, and who was started from it lately.
function uses(one, placed, restored) {
  const name = lastOf(one.key);
  const begun = restored.get(name) ?? [];
  return { running: placed.filter((instance) => instance.stateDetails?.snapshot === name).map((instance) => instance.node),
    count: begun.length, node: begun[0]?.node, atMillis: begun[0]?.atMillis };
}

/** What a snapshot's files have; one of an earlier version tells only what was stored. */
export function contentOf(snapshot) {
  return snapshot.stored?.contentBytes || snapshot.chargedBytes;
}

/** What must be the same to restore: kernel, CRIU, and the processor's features by the begin of their hash. */
export function classText(hostClass) {
  return hostClass ? `${hostClass.kernel} · ${hostClass.criuVersion} · ${hostClass.cpuFeatures.slice(0, 8)}` : '–';
}

/** A snapshot in a tree: how it is, what it takes, whom it fits, who was restored from it and where. */
export function snapshotLine(one, base, after, used) {
  const name = lastOf(one.key);
  const nodes = [...new Set(used?.running ?? [])];
  return [h('div', { class: 'tree-text' },
    h('div', {}, h('a', { href: link(['snapshots', one.key]) }, name), ' ', badge(one.state),
      one.isProtected && [' ', badge('protected', 'good')], base === name && [' ', badge('next start', 'plain')],
      nodes.length > 0 && [' ', badge(`runs at ${nodes.join(', ')}`, 'good')]),
    h('div', { class: 'faint' }, `${bytes(contentOf(one))}, ${bytes(one.stored?.sharedBytes ?? 0)} of it shared · ${
      one.origin} · `, when(one.createdMillis), ' · ', h('span', { title: 'Hosts of this class can restore it' },
      classText(one.hostClass)),
    used?.count > 0 && [` · restored ${used.count === 1 ? 'once' : `${count(used.count)} times`}, last `,
      when(used.atMillis), ` at ${used.node}`],
    one.stateDetails?.reason && ` · ${one.stateDetails.reason}`)),
  mayActAs('operator') && menu(name, () => appSnapshotActions(one, () => after()))];
}
