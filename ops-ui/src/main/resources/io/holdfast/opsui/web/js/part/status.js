/// Whether what is shown is live, and where to go on if the node that answers is lost.

import { signals } from '../api.js';
import { h, replace } from '../dom.js';
import { session } from '../session.js';
import { badge, when } from './marks.js';

/** `mark` stands in the page's head, `notice` above its content while something is wrong. */
export class Status {
  #live;
  #isUnreachable = false;
  #answeredAt = Date.now();
  mark = h('span', { class: 'live', role: 'status' });
  notice = h('div', { 'aria-live': 'assertive' });

  constructor(live) {
    this.#live = live;
    live.addEventListener('state', () => this.#draw());
    signals.addEventListener('unreachable', () => this.#reach(false));
    signals.addEventListener('answered', () => this.#reach(true));
    this.#draw();
  }

  #reach(isReached) {
    if (isReached) {
      this.#answeredAt = Date.now();
    }
    if (this.#isUnreachable === isReached) {
      this.#isUnreachable = !isReached;
      this.#draw();
    }
  }

  #draw() {
    const { state } = this.#live;
    const isLost = state === 'lost' || this.#isUnreachable;
    replace(this.mark, isLost ? badge('stale') : state === 'live' ? badge('live') : badge('connecting', 'plain'));
    document.documentElement.toggleAttribute('data-stale', isLost);
    replace(this.notice, isLost && this.#lost());
  }

  #lost() {
    const others = [...session.addresses].filter(([name]) => name !== session.node);
    return h('div', { class: 'notice' },
      h('strong', {}, this.#isUnreachable
        ? `${session.node || 'The node'} at ${location.host} does not answer.`
        : 'The live connection is interrupted.'),
      h('p', {}, 'What is shown may be old: it was read ', when(this.#answeredAt), '. This page keeps trying.',
        ' ', h('button', { type: 'button', class: 'quiet', on: { click: () => this.#live.retry() } }, 'Try now')),
      others.length > 0 && h('p', {}, 'The other nodes serve the same page, each with its own login: ',
        others.map(([name, address], place) => [place > 0 && ', ', elsewhere(name, address)])));
  }
}

function elsewhere(name, address) {
  const url = URL.parse?.(`https://${address}/ui/${location.hash}`) ?? null;
  return url ? h('a', { href: url.href }, `${name} (${address})`) : `${name} (${address})`;
}
