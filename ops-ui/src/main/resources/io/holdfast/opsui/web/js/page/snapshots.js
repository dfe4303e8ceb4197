/// Saved states of applications: the list of all, and a page for each with the line that it stands in.

import { get, onlyOfCalls, read, segment } from '../api.js';
import { h, patch, patchIfNew, replace } from '../dom.js';
import { bytes, count, entryOf, roundTrip, time } from '../format.js';
import { applicationKey, applicationOf, applicationPath, lastOf, plain } from '../part/appnames.js';
import { RecordList } from '../part/list.js';
import { badge, facts, panel, problem, waiting, when } from '../part/marks.js';
import { menu } from '../part/menu.js';
import { recordView } from '../part/record.js';
import { appSnapshotActions } from '../part/snapshotactions.js';
import { startsBySnapshot, WORDS } from '../part/starts.js';
import { plainTable } from '../part/table.js';
import { Tree } from '../part/tree.js';
import { go, link } from '../route.js';
import { mayActAs } from '../session.js';
import { classText, contentOf, snapshotLine } from './application.js';

const LINE_MAX = 500;
const SHOWN_FEATURES = 8;
const ORDERS_MAX = 500;

const ATTRIBUTES = [{ name: 'state', kind: 'text' }, { name: 'hostClass', kind: 'text' },
  { name: 'origin', kind: 'text' }, { name: 'protected', kind: 'flag' }, { name: 'sizeBytes', kind: 'number' },
  { name: 'createdMillis', kind: 'number' }, { name: 'image', kind: 'text' }];

export function snapshots({ route }) {
  const list = new RecordList(route, {
    path: '/v1/snapshots', caption: 'Snapshots', hasPrefix: true, prefixOf: applicationKey, attributes: ATTRIBUTES,
    presets: [...['ready', 'making', 'condemned'].map((state) => ({ label: state, where: `state=${state}` })),
      { label: 'protected', where: 'protected=true' }],
    words: ['snapshot', 'list'], empty: 'No snapshot is like that.',
    columns: [
      { name: 'key', label: 'Name', value: (row) => row.key,
        cell: (row) => h('a', { href: link(['snapshots', row.key]), class: 'key' }, lastOf(row.key)) },
      { name: 'application', label: 'Application', value: (row) => applicationOf(row.key),
        cell: (row) => h('a', { href: link(['applications', applicationOf(row.key)]), class: 'unbroken' },
          plain(applicationOf(row.key))) },
      { name: 'state', label: 'State', value: (row) => row.state, cell: (row) => [badge(row.state),
        row.isProtected && [' ', badge('protected', 'good')],
        row.stateDetails?.reason && h('div', { class: 'faint' }, row.stateDetails.reason)] },
      { name: 'size', label: 'Size', isNumber: true, value: contentOf, cell: (row) => bytes(contentOf(row)) },
      { name: 'own', label: 'Own', isNumber: true, value: (row) => row.chargedBytes,
        cell: (row) => bytes(row.chargedBytes) },
      { name: 'class', label: 'Class', value: (row) => classText(row.hostClass),
        cell: (row) => h('span', { class: 'faint unbroken', title: classText(row.hostClass) }, classMark(row.hostClass)) },
      { name: 'origin', label: 'Why', value: (row) => row.origin,
        cell: (row) => h('span', { class: 'unbroken' }, row.origin) },
      { name: 'parent', label: 'After', value: (row) => row.parent },
      { name: 'created', label: 'Made', value: (row) => row.createdMillis, cell: (row) => when(row.createdMillis) },
      { name: 'actions', label: '', cell: (row) => mayActAs('operator')
        && menu(plain(row.key), () => appSnapshotActions(row, () => list.refresh())) },
    ],
  });
  return {
    title: 'Snapshots',
    element: h('div', {}, h('h1', {}, 'Snapshots'), list.element),
    catalogs: ['snapshots'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

/// Hosts of one class have one mark; what it stands for is on the snapshot's page.
function classMark(hostClass) {
  return hostClass?.cpuFeatures.slice(0, SHOWN_FEATURES) ?? '–';
}

export function snapshot({ route, signal }) {
  const key = route.segments[1];
  const name = lastOf(key);
  const of = applicationOf(key);
  const actions = h('div', { class: 'buttons' });
  const outcome = h('div', {}, waiting());
  const now = h('div');
  const restores = h('div');
  const lineage = new Tree();
  const specification = h('div');
  let shownVersion = -1;

  async function refresh() {
    try {
      const [record, line, application, begun, orders] = await Promise.all([
        read(`/v1/snapshots/${segment(key)}`, {}, { signal }),
        read('/v1/snapshots', { prefix: `${of}/`, limit: LINE_MAX }, { signal }),
        read(applicationPath(of), {}, { signal }).catch(() => ({})),
        get(`${applicationPath(of)}/starts`, { signal }), ordersFor(key, signal)]);
      replace(outcome);
      if (record.version !== shownVersion) {
        shownVersion = record.version;
        replace(actions, appSnapshotActions(record, done, { isQuiet: false }));
        patch(now, nowFacts(record));
        patch(specification, record.spec ? recordView(record.spec) : h('p', { class: 'faint' }, 'Not kept.'));
      }
      const restored = startsBySnapshot(begun);
      patchIfNew(restores, [restored.get(name), orders], () => restoresOf(restored.get(name) ?? [], orders));
      lineage.show(line.items, { nameOf: (one) => lastOf(one.key), parentOf: (one) => one.parent,
        printOf: (one) => JSON.stringify([one, application.base]),
        draw: (one) => (one.key === key ? h('span', {}, h('strong', {}, name), ' ', badge(one.state))
          : snapshotLine(one, application.base, refresh)) });
    } catch (error) {
      onlyOfCalls(error);
      if (!signal.aborted && (shownVersion < 0 || error.status === 404)) {
        replace(outcome, problem(error));
      }
    }
  }

  function done(reply) {
    if (reply?.isDeleted) {
      go(link(['snapshots']));
    } else {
      refresh();
    }
  }

  return {
    title: plain(key),
    element: h('div', {},
      h('p', { class: 'crumbs' }, h('a', { href: link(['snapshots']) }, 'Snapshots'), ' / ',
        h('a', { href: link(['applications', of]) }, plain(of)), ' / ', name),
      h('div', { class: 'title-line' }, h('h1', {}, name), actions), outcome,
      panel('Now', now), panel('Who was restored from it, and where', restores), panel('What was made after what', lineage.element),
      panel('What the application was then', specification)),
    catalogs: ['snapshots'],
    refresh,
  };
}

/// Orders of users to restore it, for those who may see the audit.
async function ordersFor(key, signal) {
  if (!mayActAs('admin')) {
    return null;
  }
  const page = await read('/v1/audit', { where: 'command=snapshot.restore', limit: ORDERS_MAX }, { signal });
  return page.items.filter((one) => one.target === key);
}

function restoresOf(begun, orders) {
  return [
    begun.length === 0 ? h('p', { class: 'faint' }, 'No request was answered by an instance that began from it, as far '
      + 'as the nodes remember.') : plainTable('Starts from it', ['When', 'How', 'At', '#First byte after'],
      begun.map((one) => [when(one.atMillis), WORDS[one.kind], h('a', { href: link(['nodes', one.node]) }, one.node),
        roundTrip(one.firstByteMicros * 1_000)])),
    orders === null ? h('p', { class: 'faint' }, 'Admins also see here which users ordered it.')
      : orders.length > 0 && plainTable('Orders of users', ['When', 'User', 'What', 'Outcome'],
        orders.map((one) => [when(one.timeMillis), one.user, one.command, badge(one.outcome)]))];
}

/// In the chunk store, or as whole copies on nodes.
function kept(stored) {
  if (stored?.blob) {
    return 'in the chunk store';
  }
  const holders = stored?.holders ?? [];
  return holders.length === 0 ? 'nowhere yet' : ['whole, at ', holders.map((node, place) => [place > 0 && ', ',
    h('a', { href: link(['nodes', node]) }, node)])];
}

function nowFacts(record) {
  return facts([
    ['State', [badge(record.state), record.stateDetails?.reason && ` ${record.stateDetails.reason}`]],
    ['Size', bytes(contentOf(record))],
    ['Stored for it', bytes(record.chargedBytes)],
    ['Shared with earlier ones', bytes(record.stored?.sharedBytes ?? 0)],
    ['Kept', kept(record.stored)],
    ['Files', record.files?.length > 0 ? count(record.files.length) : 'kept as a whole'],
    ['Restorable at', `hosts like ${record.hostClass?.kernel}, ${record.hostClass?.criuVersion}, `
      + `${record.hostClass?.cpuFeatures}`],
    ['Why it was made', record.origin],
    ['Made after', record.parent ?? 'nothing: the first of its line'],
    ['Made', time(record.createdMillis)],
    ['Image', h('span', { class: 'key' }, record.image)],
    ['Protected', record.isProtected ? badge('protected', 'good') : 'no'],
    ['Record', h('a', { href: link(['catalogs', 'snapshots', record.key]) }, `ledger entry ${count(entryOf(record.version))}`)],
  ]);
}
