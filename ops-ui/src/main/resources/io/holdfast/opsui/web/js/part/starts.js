/// How long requests waited that started an application: cold against restored.

import { h } from '../dom.js';
import { count, duration } from '../format.js';
import { chart } from './chart.js';
import { when } from './marks.js';
import { plainTable } from './table.js';

const KINDS = ['cold', 'restored', 'thawed'];
/** What each kind of start is called. */
export const WORDS = { cold: 'Started cold', restored: 'Restored', thawed: 'From a frozen copy' };
const MARKS = { cold: 'large', restored: 'hollow', thawed: 'small' };
const LISTED_MAX = 20;
const SILENT_NAMED_MAX = 5;

/** A chart, the medians by kind and the last starts. */
export function startsView({ items, silent }) {
  const known = items.filter((one) => KINDS.includes(one.kind));
  if (known.length === 0) {
    return h('p', { class: 'faint' }, 'No request has started it since the nodes that answer were started.');
  }
  return h('div', {}, medians(known), startChart(known),
    plainTable('The last starts', ['When', 'How', 'From', 'At', '#First byte after'],
      known.slice(0, LISTED_MAX).map((one) => [when(one.atMillis), WORDS[one.kind],
        h('span', { class: 'key' }, one.snapshot || '–'), one.node, millis(one.firstByteMicros)])),
    silent.length > 0 && h('p', { class: 'faint' }, `Not known: what happened at ${silent.length > SILENT_NAMED_MAX
      ? `${count(silent.length)} nodes that do not answer` : silent.join(', ')}.`));
}

function medians(known) {
  return h('ul', { class: 'legend' }, KINDS.map((kind) => known.filter((one) => one.kind === kind))
    .filter((some) => some.length > 0)
    .map((some) => h('li', {}, `${WORDS[some[0].kind]}: median `, h('strong', {},
      millis(median(some.map((one) => one.firstByteMicros)))), ` of ${count(some.length)}`)));
}

/// The value in the middle; of two, the upper one.
function median(values) {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}

/// The scale is logarithmic, as frozen copies take a fiftieth; each kind has marks of its own, for those who
/// see no colours.
function startChart(known) {
  const ordered = [...known].reverse();
  return chart({ label: 'From the request to the first byte, start by start; the table below has the same',
    isLogarithmic: true, height: 190,
    series: KINDS.map((kind) => ({ label: WORDS[kind], format: millis, mark: MARKS[kind] })) },
  [ordered.map((one) => one.atMillis / 1_000),
    ...KINDS.map((kind) => ordered.map((one) => (one.kind === kind ? one.firstByteMicros : null)))]);
}

/** What was restored from each snapshot, and where, as far as the nodes remember. */
export function startsBySnapshot({ items }) {
  return Map.groupBy(items.filter((one) => one.snapshot), (one) => one.snapshot);
}

function millis(micros) {
  return micros < 10_000 ? `${(micros / 1_000).toFixed(1)} ms`
    : micros < 1_000_000 ? `${Math.round(micros / 1_000)} ms` : duration(Math.round(micros / 1_000));
}
