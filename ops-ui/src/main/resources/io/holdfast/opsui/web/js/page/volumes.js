/// The volumes: who serves each, what it takes, what is at risk, what is done with it.

import { h } from '../dom.js';
import { bytes, count, rate } from '../format.js';
import { RecordList } from '../part/list.js';
import { badge, when } from '../part/marks.js';
import { createVolume, profileOf } from '../part/volumeactions.js';
import { every, Rates } from '../poll.js';
import { link } from '../route.js';

const FIGURES_MILLIS = 3_000;

const ATTRIBUTES = [{ name: 'sizeBytes', kind: 'number' }, { name: 'profile', kind: 'text' },
  { name: 'attachedTo', kind: 'text' }, { name: 'isProtected', kind: 'flag' },
  { name: 'createdMillis', kind: 'number' }, { name: 'family', kind: 'text' }];

const COLUMNS = [
  { name: 'key', label: 'Name', value: (row) => row.key,
    cell: (row) => h('a', { href: link(['volumes', row.key]), class: 'short' }, row.key) },
  { name: 'health', label: 'Health', value: (row) => row.figures?.chunksAtRisk ?? 0, cell: health },
  { name: 'size', label: 'Size', isNumber: true, value: (row) => row.sizeBytes, cell: (row) => bytes(row.sizeBytes) },
  { name: 'useful', label: 'Useful', isNumber: true, value: (row) => spaceOf(row).usefulBytes,
    cell: (row) => bytes(spaceOf(row).usefulBytes) },
  { name: 'stored', label: 'On disks', isNumber: true, value: (row) => spaceOf(row).storedBytes,
    cell: (row) => bytes(spaceOf(row).storedBytes) },
  { name: 'profile', label: 'Profile', value: profileOf },
  { name: 'server', label: 'Served by', value: (row) => row.figures?.servedBy,
    cell: (row) => (row.figures?.servedBy
      ? h('a', { href: link(['nodes', row.figures.servedBy]) }, row.figures.servedBy) : '–') },
  { name: 'reads', label: 'Reads/s', isNumber: true, value: (row) => row.rates?.reads,
    cell: (row) => rate(row.rates?.reads) },
  { name: 'writes', label: 'Writes/s', isNumber: true, value: (row) => row.rates?.writes,
    cell: (row) => rate(row.rates?.writes) },
  { name: 'snapshots', label: 'Snapshots', isNumber: true, value: (row) => row.snapshotCount,
    cell: (row) => count(row.snapshotCount) },
  { name: 'attached', label: 'Attached at', value: (row) => row.attachment?.node },
  { name: 'created', label: 'Made', value: (row) => row.createdMillis, cell: (row) => when(row.createdMillis) },
];

export function volumes({ route, signal }) {
  const rates = new Rates();
  const list = new RecordList(route, {
    path: '/v1/volumes', caption: 'Volumes', hasPrefix: true, attributes: ATTRIBUTES, words: ['volume', 'list'],
    presets: [{ label: 'protected', where: 'isProtected=true' }, { label: 'attached', where: 'attachedTo!=' }],
    parameters: { figures: 'true' }, columns: COLUMNS, empty: 'No volume is like that.',
    arrived: (items) => items.map((item) => ({ ...item, rates: ratesOf(rates, item) })),
  });
  every(FIGURES_MILLIS, () => list.refresh(), signal);
  return {
    title: 'Volumes',
    element: h('div', {}, h('div', { class: 'title-line' }, h('h1', {}, 'Volumes'),
      h('div', { class: 'buttons' }, createVolume(() => list.refresh()))), list.element),
    catalogs: ['volumes'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

function ratesOf(rates, item) {
  const served = item.figures?.served;
  return served ? rates.of(item.key, { reads: served.reads, writes: served.writes }) : null;
}

/// Who serves it knows exactly; of others the complete chunks are known.
function spaceOf(row) {
  return row.figures?.served ?? row.figures?.complete ?? {};
}

function health(row) {
  const { figures } = row;
  if (figures?.chunksAtRisk > 0) {
    return badge(`${count(figures.chunksAtRisk)} of ${count(figures.chunks)} chunks at risk`, 'bad');
  }
  return figures?.chunks > 0 ? badge('whole', 'good') : badge('empty', 'plain');
}
