/// What is done with volumes, out of counters that only grow: rates, and how long it took lately.

import { Rates } from './poll.js';

const COUNTERS = ['reads', 'readBytes', 'writes', 'writtenBytes'];

/** The share of a histogram's operations that is to be within what is told. */
const SHARE = 0.99;

/** Remembers the last look at each node. */
export class Traffic {
  #rates = new Rates();
  #before = new Map();

  /** What happened since the look before, over all nodes; null at the first one. */
  of(status) {
    const nodes = status.nodes.filter((node) => node.report?.traffic);
    const known = nodes.map((node) => this.#rates.of(node.name,
      Object.fromEntries(COUNTERS.map((name) => [name, node.report.traffic[name]])))).filter(Boolean);
    const reads = [];
    const writes = [];
    for (const { name, report } of nodes) {
      const before = this.#before.get(name);
      this.#before.set(name, report.traffic);
      addSince(reads, report.traffic.readsByDoubledMicros, before?.readsByDoubledMicros);
      addSince(writes, report.traffic.writesByDoubledMicros, before?.writesByDoubledMicros);
    }
    const sum = (name) => known.reduce((total, one) => total + one[name], 0);
    return known.length === 0 ? null : { reads: sum('reads'), readsBytes: sum('readBytes'), readsP99: within(reads),
      writes: sum('writes'), writesBytes: sum('writtenBytes'), writesP99: within(writes) };
  }
}

function addSince(total, counts, before) {
  const since = counts.map((value, place) => value - (before?.[place] ?? 0));
  if (before && since.every((value) => value >= 0)) {
    since.forEach((value, place) => { total[place] = (total[place] ?? 0) + value; });
  }
}

/** Microseconds within which nearly all were; null without any. At most twice too many. */
export function within(counts) {
  const all = counts.reduce((sum, value) => sum + value, 0);
  let seen = 0;
  const place = counts.findIndex((value) => (seen += value) >= all * SHARE && seen > 0);
  return place < 0 ? null : 2 ** place;
}
