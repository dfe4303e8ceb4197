/// What happens, as it happens, and page by page what happened before: every record that is written or removed,
/// the newest first.

import { get, onlyOfCalls, queryText } from '../api.js';
import { freshId, h, Keyed, patch, replace } from '../dom.js';
import { count, words } from '../format.js';
import { Live } from '../live.js';
import { applicationOf } from '../part/appnames.js';
import { copyable, problem, waiting, when } from '../part/marks.js';
import { summary } from '../part/record.js';
import { commandLine, curlLine } from '../commandtext.js';
import { changed, go, link } from '../route.js';

const PAGE_EVENTS = 50;
const KEPT_MAX = 500;
const DRAW_MILLIS = 300;
const TYPING_MILLIS = 300;
/** Behind everything that an entry changed. */
const WHOLE_ENTRY = 2 ** 31 - 1;

/** What users look for first; the others are a press away. */
const CATALOGS = ['nodes', 'volumes', 'volume-snapshots', 'applications', 'placements', 'snapshots', 'rollouts',
  'operations', 'settings', 'images', 'chunks', 'streams', 'layers', 'leases'];
/** Leases are renewed and chunks grow all the time. */
const NOISY = ['leases', 'chunks', 'streams'];

/** The pages of things that have one. */
const PAGES = {
  nodes: (key) => ['nodes', key],
  volumes: (key) => ['volumes', key],
  'volume-snapshots': (key) => ['volumes', key.split('/')[0]],
  applications: (key) => ['applications', key],
  placements: (key) => ['applications', applicationOf(key)],
  snapshots: (key) => ['snapshots', key],
};

/** The newest page goes on by itself; an older one stays what it is. */
export function events({ route, signal }) {
  return new Events(route, signal).page();
}

class Events {
  #place;
  #signal;
  #live = new Live();
  #shown = [];
  #next = null;
  #keptSince = 0;
  #turn = 0;
  #drawing = 0;
  #typing = 0;
  #body = h('tbody');
  #rows = new Keyed(this.#body);
  #filters = h('div', { class: 'filters', role: 'group', 'aria-label': 'Catalogs' });
  #outcome = h('div', {}, waiting());
  #foot = h('div', { class: 'list-foot' });
  #calls = h('details', { class: 'calls' });
  #find;

  constructor(route, signal) {
    this.#place = route;
    this.#signal = signal;
    this.#find = h('input', { id: freshId('find'), type: 'search', class: 'search', value: this.#wanted(),
      placeholder: 'Key or what it says…', autocomplete: 'off', spellcheck: 'false', maxlength: 127,
      on: { input: () => this.#type() } });
    this.#live.addEventListener('change', ({ detail }) => this.#onChange(detail));
    this.#live.addEventListener('reset', () => this.#read());
    signal.addEventListener('abort', () => {
      this.#live.stop();
      clearTimeout(this.#drawing);
      clearTimeout(this.#typing);
    });
  }

  page() {
    this.#drawFilters();
    return {
      title: 'Events',
      element: h('div', {}, h('h1', {}, 'Events'),
        h('div', { class: 'filters' }, h('label', { for: this.#find.id, class: 'unseen' }, 'Find an event'), this.#find),
        this.#filters, this.#outcome,
        h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Events' },
          h('table', {}, h('caption', { class: 'unseen' }, 'Events, the newest first'),
            h('thead', {}, h('tr', {}, ['Ledger entry', 'Seen', 'Catalog', 'Key', 'What'].map((text) =>
              h('th', { scope: 'col', class: text === 'Ledger entry' && 'number' }, text)))), this.#body)),
        this.#foot, this.#calls),
      catalogs: [],
      refresh: () => this.#read(),
      update: (next) => this.#update(next),
    };
  }

  #wanted() {
    return this.#place.query.get('find') ?? '';
  }

  #type() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => go(changed(this.#place, { find: this.#find.value, before: null }), true),
      TYPING_MILLIS);
  }

  #update(next) {
    this.#place = next;
    if (document.activeElement !== this.#find) {
      this.#find.value = this.#wanted();
    }
    this.#drawFilters();
    this.#read();
  }

  #catalogs() {
    const asked = this.#place.query.getAll('catalog').filter((name) => CATALOGS.includes(name));
    return asked.length > 0 ? asked : CATALOGS.filter((name) => !NOISY.includes(name));
  }

  #parameters() {
    return { catalog: this.#catalogs(), find: this.#wanted(), before: this.#place.query.get('before'),
      limit: PAGE_EVENTS };
  }

  async #read() {
    this.#turn += 1;
    const turn = this.#turn;
    this.#live.stop();
    this.#drawCalls();
    try {
      const page = await get(`/v1/changes?${queryText(this.#parameters())}`, { signal: this.#signal });
      if (turn !== this.#turn) {
        return;
      }
      replace(this.#outcome);
      this.#shown = page.items.map((item) => eventOf(item, null));
      this.#next = page.next ?? null;
      this.#keptSince = page.keptSince;
      this.#draw();
      if (!this.#place.query.get('before')) {
        this.#live.follow(this.#catalogs(), `${page.index}.${WHOLE_ENTRY}`);
      }
    } catch (error) {
      onlyOfCalls(error);
      if (turn === this.#turn && !this.#signal.aborted) {
        replace(this.#outcome, problem(error));
      }
    }
  }

  #onChange(detail) {
    if (JSON.stringify(detail).toLowerCase().includes(this.#wanted().toLowerCase())) {
      this.#shown.unshift(eventOf(detail, Date.now()));
      this.#shown.splice(KEPT_MAX);
      this.#drawing ||= setTimeout(() => {
        this.#drawing = 0;
        this.#draw();
      }, DRAW_MILLIS);
    }
  }

  #draw() {
    const shown = this.#shown.slice(0, PAGE_EVENTS);
    this.#rows.show(shown, { keyOf: (one) => one.position, printOf: () => '', draw: row },
      h('tr', { class: 'nothing' }, h('td', { colspan: 5 }, 'Nothing of that kind happened lately.')));
    const isOlder = Boolean(this.#place.query.get('before'));
    const next = this.#shown.length > PAGE_EVENTS ? shown.at(-1).position : this.#next;
    patch(this.#foot, h('span', { class: 'faint' }, `${count(shown.length)} shown, ${isOlder ? 'from before' : 'the newest'}. `
      + 'Leases, chunks and streams change all the time and are told of when they are chosen.',
    !next && this.#keptSince > 0 && ` What happened up to the ledger entry ${count(this.#keptSince)} is no longer kept.`),
    h('nav', { 'aria-label': 'Pages of the list' },
      isOlder && h('a', { class: 'button', href: changed(this.#place, { before: null }) }, 'Newest'),
      next && h('a', { class: 'button', href: changed(this.#place, { before: next }) }, 'Older')));
  }

  #drawFilters() {
    const asked = this.#place.query.getAll('catalog');
    replace(this.#filters, CATALOGS.map((name) => h('a', { class: asked.includes(name) ? 'chip chosen' : 'chip',
      'aria-current': asked.includes(name) && 'true',
      href: changed(this.#place, { before: null,
        catalog: asked.includes(name) ? asked.filter((one) => one !== name) : [...asked, name] }) }, words(name))));
  }

  #drawCalls() {
    const asked = this.#place.query.getAll('catalog');
    patch(this.#calls, h('summary', {}, 'The same from a terminal'),
      copyable(commandLine(['watch', ...asked.flatMap((name) => ['--catalog', name])]), 'the command line'),
      copyable(curlLine({ method: 'GET', path: `/v1/changes?${queryText(this.#parameters())}` }, location.origin),
        'the curl call'));
  }
}

function eventOf(change, seen) {
  return { position: change.position, index: Number(change.position.split('.')[0]), seen, catalog: change.catalog,
    key: change.key, what: change.removed ? 'removed' : whatOf(change.record) };
}

function whatOf(record) {
  const reason = record.stateDetails?.reason;
  return record.state ? `${record.state}${reason ? `: ${reason}` : ''}` : summary(record);
}

function row(one) {
  const record = ['catalogs', one.catalog, one.key];
  return h('tr', {},
    h('td', { class: 'number' }, h('a', { href: link(record) }, count(one.index))),
    h('td', {}, one.seen ? when(one.seen) : h('span', { class: 'faint' }, 'before')),
    h('td', {}, words(one.catalog)),
    h('td', {}, h('a', { class: 'key', href: link(PAGES[one.catalog]?.(one.key) ?? record) }, one.key)),
    h('td', {}, h('span', { class: 'members' }, one.what)));
}
