/// How long something took, as bars: each stands for durations up to twice those of the one before.

import { h, svg } from '../dom.js';
import { count, roundTrip } from '../format.js';

const BAR = 14;
const HEIGHT = 90;
const LABEL_EVERY = 3;

/** Bars from the first to the last duration that was seen. */
export function histogram(label, counts) {
  const first = counts.findIndex((value) => value > 0);
  const last = counts.findLastIndex((value) => value > 0);
  if (first < 0) {
    return null;
  }
  const shown = counts.slice(first, last + 1);
  const top = Math.max(...shown);
  const width = shown.length * BAR;
  return h('figure', { class: 'histogram' }, h('figcaption', {}, label),
    svg('svg', { viewBox: `-22 0 ${width + 44} ${HEIGHT + 16}`, role: 'img',
      'aria-label': `${label}: ${shown.map((value, place) => `${count(value)} ${upTo(first + place)}`).join(', ')}` },
    shown.map((value, place) => [
      svg('rect', { x: place * BAR + 1, width: BAR - 2, y: HEIGHT - bar(value, top), height: bar(value, top),
        class: 'bar' }, svg('title', {}, `${count(value)} ${upTo(first + place)}`)),
      place % LABEL_EVERY === 0 && svg('text', { x: place * BAR + BAR, y: HEIGHT + 12, 'text-anchor': 'middle',
        class: 'tick' }, roundTrip(2 ** (first + place) * 1_000))])));
}

/// What was seen at all is to be seen.
function bar(value, top) {
  return value === 0 ? 0 : Math.max(1, value / top * (HEIGHT - 4));
}

function upTo(place) {
  return `under ${roundTrip(2 ** place * 1_000)}`;
}
