/// How long requests waited that started an application: cold against restored.

import { h, svg } from '../dom.js';
import { count, duration, time } from '../format.js';
import { when } from './marks.js';
import { plainTable } from './table.js';

const KINDS = ['cold', 'restored', 'thawed'];
const WORDS = { cold: 'Started cold', restored: 'Restored', thawed: 'From a frozen copy' };
const LISTED_MAX = 20;
const WIDTH = 600;
const HEIGHT = 140;

/** A chart, the medians by kind and the last starts. */
export function startsView({ items, silent }) {
  const known = items.filter((one) => KINDS.includes(one.kind));
  if (known.length === 0) {
    return h('p', { class: 'faint' }, 'No request has started it since the nodes that answer were started.');
  }
  return h('div', {}, legend(known), chart(known),
    plainTable('The last starts', ['When', 'How', 'From', 'At', '#First byte after'],
      known.slice(0, LISTED_MAX).map((one) => [when(one.atMillis), WORDS[one.kind],
        h('span', { class: 'key' }, one.snapshot || '–'), one.node, millis(one.firstByteMicros)])),
    silent.length > 0 && h('p', { class: 'faint' }, `Not known: what happened at ${silent.join(', ')}.`));
}

function legend(known) {
  const medians = KINDS.map((kind) => [kind, known.filter((one) => one.kind === kind)])
    .filter(([, some]) => some.length > 0);
  return h('ul', { class: 'legend' }, medians.map(([kind, some]) => h('li', {},
    svg('svg', { viewBox: '-6 -6 12 12', class: 'mark', 'aria-hidden': 'true' }, mark(kind, 0, 0)),
    `${WORDS[kind]}: median ${millis(median(some.map((one) => one.firstByteMicros)))} of ${count(some.length)}`)));
}

/** The value in the middle; of two, the upper one. */
export function median(values) {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}

/// One mark for each start, in their order; the scale is logarithmic, as frozen copies take a fiftieth.
function chart(known) {
  const ordered = [...known].reverse();
  const logs = ordered.map((one) => Math.log10(Math.max(1, one.firstByteMicros)));
  const low = Math.floor(Math.min(...logs));
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs)));
  const across = (place) => 70 + (ordered.length === 1 ? 0 : place * (WIDTH - 90) / (ordered.length - 1));
  const up = (log) => HEIGHT - 12 - (log - low) * (HEIGHT - 24) / (high - low);
  const lines = Array.from({ length: high - low + 1 }, (_, step) => low + step);
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'starts', role: 'img',
    'aria-label': 'From the request to the first byte, start by start; the table below has the same' },
  lines.map((log) => [
    svg('line', { x1: 62, x2: WIDTH, y1: up(log), y2: up(log), class: 'grid' }),
    svg('text', { x: 56, y: up(log) + 4, 'text-anchor': 'end', class: 'tick' }, millis(10 ** log))]),
  ordered.map((one, place) => svg('g', {}, svg('title', {},
    `${WORDS[one.kind]}, ${millis(one.firstByteMicros)}, ${time(one.atMillis)}`),
  mark(one.kind, across(place), up(logs[place])))));
}

/// A shape of its own for each kind, for those who see no colours.
function mark(kind, x, y) {
  if (kind === 'cold') {
    return svg('rect', { x: x - 4, y: y - 4, width: 8, height: 8, class: 'start cold' });
  }
  return kind === 'restored' ? svg('circle', { cx: x, cy: y, r: 4.5, class: 'start restored' })
    : svg('path', { d: `M${x} ${y - 5.5}L${x + 5.5} ${y + 4}L${x - 5.5} ${y + 4}Z`, class: 'start thawed' });
}

function millis(micros) {
  return micros < 10_000 ? `${(micros / 1_000).toFixed(1)} ms`
    : micros < 1_000_000 ? `${Math.round(micros / 1_000)} ms` : duration(Math.round(micros / 1_000));
}
