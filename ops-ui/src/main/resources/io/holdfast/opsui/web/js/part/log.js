/// What an instance writes, as it comes.

import { get, queryText } from '../api.js';
import { commandLine, curlLine } from '../commandtext.js';
import { freshId, h, replace } from '../dom.js';
import { count } from '../format.js';
import { plain } from './appnames.js';
import { copyable, problem } from './marks.js';

const TAIL_BYTES = 32_768;
const TEXT_LENGTH_MAX = 400_000;
const WAIT_MILLIS = 8_000;
const PAUSE_MILLIS = 2_000;

/** Follows the log of one instance from when it is asked to until the page is left. */
export class LogView {
  #path;
  #signal;
  #text = h('pre', { class: 'log', tabindex: '0', role: 'log', 'aria-live': 'off',
    'aria-label': 'The log' });
  #outcome = h('div');
  #slot;
  #follow;
  #turn = 0;

  /**
   * @param path of the application in the API
   * @param signal aborts when the page is left
   */
  constructor(path, signal) {
    this.#path = path;
    this.#signal = signal;
    const id = freshId('slot');
    this.#slot = h('input', { id, type: 'number', min: 0, max: 999, placeholder: 'first', size: 5 });
    this.#follow = h('button', { type: 'button', on: { click: () => this.#toggle() } }, 'Follow');
    signal.addEventListener('abort', () => { this.#turn += 1; });
    const name = plain(decodeURIComponent(path.split('/').at(-1)));
    this.element = h('div', {},
      h('div', { class: 'filters' }, h('label', { for: id }, 'Slot'), this.#slot, this.#follow),
      this.#outcome, this.#text, h('details', { class: 'calls' }, h('summary', {}, 'The same from a terminal'),
        copyable(commandLine(['app', 'logs', name, '--follow']), 'the command line'),
        copyable(curlLine({ method: 'GET', path: `${path}/log?tail=${TAIL_BYTES}` }, location.origin), 'the curl call')));
  }

  #toggle() {
    this.#turn += 1;
    const isOn = this.#follow.textContent === 'Follow';
    this.#follow.textContent = isOn ? 'Stop' : 'Follow';
    if (isOn) {
      this.#text.textContent = '';
      this.#run(this.#turn);
    }
  }

  async #run(turn) {
    let place = { tail: TAIL_BYTES };
    while (turn === this.#turn) {
      try {
        const part = await get(`${this.#path}/log?${queryText({ slot: this.#slot.value, ...place })}`,
          { signal: this.#signal });
        if (turn !== this.#turn) {
          return;
        }
        replace(this.#outcome, h('p', { class: 'faint' }, `From ${part.node}, byte ${count(part.nextOffset)}`,
          part.hasEnded ? '; nothing more will come.' : ''));
        this.#append(part.text);
        if (part.hasEnded) {
          this.#follow.textContent = 'Follow';
          return;
        }
        place = { offset: part.nextOffset, waitMillis: WAIT_MILLIS };
      } catch (error) {
        if (turn !== this.#turn) {
          return;
        }
        replace(this.#outcome, problem(error));
        await new Promise((wake) => { setTimeout(wake, PAUSE_MILLIS); });
      }
    }
  }

  #append(text) {
    if (text === '') {
      return;
    }
    const element = this.#text;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    element.append(text);
    if (element.textContent.length > TEXT_LENGTH_MAX) {
      element.textContent = element.textContent.slice(-TEXT_LENGTH_MAX / 2);
    }
    if (isAtEnd) {
      element.scrollTop = element.scrollHeight;
    }
  }
}
