/// How long something took, as bars: each stands for durations up to twice those of the one before.

import { h } from '../dom.js';
import { count, roundTrip } from '../format.js';
import { chart } from './chart.js';

const HEIGHT = 130;

/** Bars from the first to the last duration that was seen. */
export function histogram(label, counts) {
  const first = counts.findIndex((value) => value > 0);
  const last = counts.findLastIndex((value) => value > 0);
  if (first < 0) {
    return null;
  }
  const shown = counts.slice(first, last + 1);
  return h('figure', { class: 'histogram' }, h('figcaption', {}, label),
    chart({ label: `${label}: ${shown.map((value, place) => `${count(value)} ${upTo(first + place)}`).join(', ')}`,
      bars: true, height: HEIGHT, x: upTo, series: [{ label: 'How many', format: count }] },
    [shown.map((_, place) => first + place), shown]));
}

function upTo(place) {
  return Number.isInteger(place) ? `< ${roundTrip(2 ** place * 1_000)}` : '';
}
