/// How much each snapshot of a volume differs from the one before, and so how much it shares with it. The
/// serving node compares their maps, which is why people ask for it rather than each page that is opened.

import { get, onlyOfCalls, queryText, segment } from '../api.js';
import { commandLine, curlLine } from '../commandtext.js';
import { h } from '../dom.js';
import { count } from '../format.js';
import { copyable, problem } from './marks.js';

const EXTENTS_PER_CALL = 10_000;
const COMPARE_MILLIS = 60_000;

/** What was found of one volume: `found` has `{since, bytes}` by a snapshot's name. */
export class Differences {
  #volume;
  #signal;
  #changed;
  #error = null;
  found = {};
  /** `idle`, or what is going on. */
  state = 'idle';

  /** @param changed told when more is known */
  constructor(volume, signal, changed) {
    this.#volume = volume;
    this.#signal = signal;
    this.#changed = changed;
  }

  /** The button that has these snapshots compared, and what became of it; null with fewer than two. */
  control(snapshots) {
    const ordered = [...snapshots].sort((left, right) => left.createdMillis - right.createdMillis);
    if (ordered.length < 2) {
      return null;
    }
    const [first, second] = ordered;
    return h('div', { class: 'calls' },
      h('button', { type: 'button', class: 'quiet', disabled: this.state !== 'idle',
        on: { click: () => this.#compare(ordered) } }, this.state === 'idle' ? 'Compare what they share' : this.state),
      this.#error && problem(this.#error),
      h('details', {}, h('summary', {}, 'The same from a terminal'), copyable(commandLine(['volume', 'diff',
        `${this.#volume}@${first.name}`, `${this.#volume}@${second.name}`]), 'the command line'),
      copyable(curlLine({ method: 'GET', path: `${this.#path(second.name)}?${queryText({ since: first.name })}` },
        location.origin), 'the curl call')));
  }

  async #compare(ordered) {
    this.#error = null;
    try {
      for (let place = 1; place < ordered.length && !this.#signal.aborted; place += 1) {
        this.#become(`Comparing ${count(place)} of ${count(ordered.length - 1)}…`);
        const [since, name] = [ordered[place - 1].name, ordered[place].name];
        this.found = { ...this.found, [name]: { since, bytes: await this.#bytesBetween(since, name) } };
      }
    } catch (error) {
      onlyOfCalls(error);
      this.#error = error;
    }
    this.#become('idle');
  }

  #become(state) {
    this.state = state;
    if (!this.#signal.aborted) {
      this.#changed();
    }
  }

  #path(name) {
    return `/v1/volumes/${segment(this.#volume)}/snapshots/${segment(name)}/changes`;
  }

  async #bytesBetween(since, name) {
    const path = this.#path(name);
    let bytes = 0;
    let offset = 0;
    while (offset !== undefined) {
      const part = await get(`${path}?${queryText({ since, offset, count: EXTENTS_PER_CALL })}`,
        { signal: this.#signal, patienceMillis: COMPARE_MILLIS });
      bytes += part.extents.reduce((sum, one) => sum + (one.isZero ? 0 : one.length), 0);
      offset = part.nextOffset;
    }
    return bytes;
  }
}
