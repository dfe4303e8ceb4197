/// Small marks: states, times, text to copy.

import { h } from '../dom.js';
import { ago, time } from '../format.js';

const TONES = {
  good: ['joined', 'ready', 'up', 'leader', 'succeeded', 'accepted', 'publishing', 'completed', 'live', 'sealed',
    'good', 'following', 'standby', 'running', 'serving', 'ok', 'clean', 'whole'],
  bad: ['failed', 'evicted', 'silent', 'condemned', 'at-risk', 'lost', 'expired', 'revoked', 'critical', 'failing', 'missing', 'absent', 'read-only'],
  attention: ['draining', 'maintenance', 'backing-off', 'connecting', 'cancelling', 'catchingup', 'stopping',
    'paused', 'stopped', 'freezing', 'making', 'limited', 'full', 'closed', 'rolled-back', 'candidate', 'warning', 'starting', 'refilling', 'stale'],
};

/** A state, with a colour and a shape for those who see no colours. */
export function badge(state, tone = toneOf(state)) {
  return h('span', { class: `badge ${tone}` }, state || 'unknown');
}

function toneOf(state) {
  const known = String(state).toLowerCase();
  return Object.keys(TONES).find((tone) => TONES[tone].includes(known)) ?? 'plain';
}

const TICK_MILLIS = 5_000;
const shownTimes = new Set();
let ticking = 0;

/// One clock for all times that are shown: hundreds of clocks would keep the page busy.
function tick() {
  shownTimes.forEach((one) => one.show());
}

/** A time that says how long ago it is and goes on saying so. */
class RelativeTime extends HTMLElement {
  connectedCallback() {
    this.show();
    shownTimes.add(this);
    ticking ||= setInterval(tick, TICK_MILLIS);
  }

  disconnectedCallback() {
    shownTimes.delete(this);
    if (shownTimes.size === 0) {
      clearInterval(ticking);
      ticking = 0;
    }
  }

  takeFrom(other) {
    if (this.at !== other.at) {
      this.at = other.at;
      this.show();
    }
  }

  show() {
    const text = ago(this.at);
    if (this.textContent !== text) {
      this.textContent = text;
    }
    const title = time(this.at);
    if (this.title !== title) {
      this.title = title;
    }
  }
}

customElements.define('hf-time', RelativeTime);

/** How long ago something was; a dash for never. */
export function when(value) {
  if (value === undefined || value === null) {
    return '–';
  }
  const element = document.createElement('hf-time');
  element.at = value;
  return element;
}

/** Text in a fixed font with a button that copies it. */
export function copyable(text, label) {
  const code = h('code', {}, text);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1_500);
  };
  const button = h('button', { type: 'button', class: 'quiet', 'aria-label': `Copy: ${label}`, on: { click: copy } }, 'Copy');
  return h('div', { class: 'copyable' }, h('pre', { tabindex: '0', role: 'group', 'aria-label': label }, code), button);
}

/** Stands where something is being read. */
export function waiting(text = 'Reading…') {
  return h('p', { class: 'faint', 'aria-busy': 'true' }, text);
}

/** What went wrong, with what to do. */
export function problem(error) {
  return h('div', { class: 'problem', role: 'alert' },
    h('strong', {}, error.message),
    error.hint && h('p', {}, error.hint),
    error.requestId && h('p', { class: 'faint' }, `${error.code} · request ${error.requestId}`));
}

/** Facts: pairs of a name and text or a node. */
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(Boolean).map(([name, value]) =>
    [h('dt', {}, name), h('dd', {}, value ?? '–')]));
}

/** One figure with its name, and what belongs to it. */
export function figure(label, value, ...more) {
  return h('div', { class: 'figure' }, h('div', { class: 'figure-label' }, label),
    h('div', { class: 'figure-value' }, value), more);
}

/** A section with a heading. */
export function panel(title, ...children) {
  return h('section', { class: 'panel' }, title && h('h2', {}, title), ...children);
}
