/// Small marks: states, times, progress, sparklines, text to copy.

import { h, svg } from '../dom.js';
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

/** A time that says how long ago it is and goes on saying so. */
class RelativeTime extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.#show();
    this.#timer = setInterval(() => this.#show(), 5_000);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show() {
    this.textContent = ago(this.at);
    this.title = time(this.at);
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
  const button = h('button', { type: 'button', class: 'quiet', 'aria-label': `Copy: ${label}` }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1_500);
  });
  return h('div', { class: 'copyable' }, h('pre', { tabindex: '0', role: 'group', 'aria-label': label }, code), button);
}

/** A line over the last values, drawn as wide as its place. */
export function sparkline(values, label) {
  const top = Math.max(1, ...values);
  const step = values.length > 1 ? 100 / (values.length - 1) : 100;
  const points = values.map((value, place) => `${(place * step).toFixed(1)},${(29 - (value / top) * 27).toFixed(1)}`);
  return svg('svg', { viewBox: '0 0 100 30', preserveAspectRatio: 'none', class: 'spark', role: 'img',
    'aria-label': label },
  points.length > 1 && svg('polygon', { points: `0,30 ${points.join(' ')} 100,30`, class: 'spark-area' }),
  points.length > 1 && svg('polyline', { points: points.join(' '), class: 'spark-line' }));
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
