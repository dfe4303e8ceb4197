/// What happens, as it happens: every record that is written or removed, the newest first.

import { latestIndex } from '../api.js';
import { freshId, h, Keyed, patch, replace } from '../dom.js';
import { count, words } from '../format.js';
import { Live } from '../live.js';
import { applicationOf } from '../part/appnames.js';
import { copyable, when } from '../part/marks.js';
import { summary } from '../part/record.js';
import { commandLine } from '../commandtext.js';
import { changed, go, link } from '../route.js';

/** Entries that are told of from before the page was opened, and events that are kept and shown. */
const ENTRIES_BEFORE = 400;
const KEPT_MAX = 1_000;
const SHOWN_MAX = 200;
const DRAW_MILLIS = 300;
const TYPING_MILLIS = 200;

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

export function events({ route, signal }) {
  let place = route;
  const kept = [];
  const live = new Live();
  const body = h('tbody');
  const rows = new Keyed(body);
  const filters = h('div', { class: 'filters', role: 'group', 'aria-label': 'Catalogs' });
  const foot = h('p', { class: 'faint' });
  const begun = latestIndex();
  const id = freshId('find');
  const find = h('input', { id, type: 'search', class: 'search', value: place.query.get('find') ?? '',
    placeholder: 'Key or state…', autocomplete: 'off', spellcheck: 'false' });
  let typing = 0;
  let drawing = 0;
  find.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => go(changed(place, { find: find.value }), true), TYPING_MILLIS);
  });

  function catalogs() {
    const asked = place.query.getAll('catalog').filter((name) => CATALOGS.includes(name));
    return asked.length > 0 ? asked : CATALOGS.filter((name) => !NOISY.includes(name));
  }

  function drawFilters() {
    const asked = place.query.getAll('catalog');
    replace(filters, CATALOGS.map((name) => h('a', { class: asked.includes(name) ? 'chip chosen' : 'chip',
      'aria-current': asked.includes(name) && 'true',
      href: changed(place, { catalog: asked.includes(name) ? asked.filter((one) => one !== name) : [...asked, name] }) },
    words(name))));
  }

  function drawSoon() {
    drawing ||= setTimeout(() => {
      drawing = 0;
      draw();
    }, DRAW_MILLIS);
  }

  function draw() {
    const wanted = (place.query.get('find') ?? '').toLowerCase();
    const shown = kept.filter((one) => `${one.key} ${one.what}`.toLowerCase().includes(wanted)).slice(0, SHOWN_MAX);
    rows.show(shown, { keyOf: (one) => one.id, printOf: () => '', draw: row },
      h('tr', { class: 'nothing' }, h('td', { colspan: 5 }, 'Nothing of that kind happened lately.')));
    patch(foot, `${count(shown.length)} shown; the newest ${count(kept.length)} are kept while this page is open. `
      + 'Leases, chunks and streams change all the time and are told of when they are chosen.');
  }

  function follow() {
    kept.length = 0;
    live.follow(catalogs(), `${Math.max(0, begun - ENTRIES_BEFORE)}.0`);
    draw();
  }

  live.addEventListener('change', ({ detail }) => {
    kept.unshift(eventOf(detail, begun));
    kept.splice(KEPT_MAX);
    drawSoon();
  });
  signal.addEventListener('abort', () => {
    live.stop();
    clearTimeout(drawing);
    clearTimeout(typing);
  });
  drawFilters();
  follow();
  return {
    title: 'Events',
    element: h('div', {}, h('h1', {}, 'Events'),
      h('div', { class: 'filters' }, h('label', { for: id, class: 'unseen' }, 'Find an event'), find), filters,
      h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Events' },
        h('table', {}, h('caption', { class: 'unseen' }, 'Events, the newest first'),
          h('thead', {}, h('tr', {}, ['Ledger entry', 'Seen', 'Catalog', 'Key', 'What'].map((text) =>
            h('th', { scope: 'col', class: text === 'Ledger entry' && 'number' }, text)))), body)), foot,
      h('details', { class: 'calls' }, h('summary', {}, 'The same from a terminal'),
        copyable(commandLine(['watch']), 'the command line'))),
    catalogs: [],
    update(next) {
      const before = catalogs().join();
      place = next;
      drawFilters();
      if (catalogs().join() === before) {
        draw();
      } else {
        follow();
      }
    },
  };
}

let eventCount = 0;

function eventOf(change, begun) {
  eventCount += 1;
  const index = change.position ? Number(change.position.split('.')[0]) : 0;
  return { id: eventCount, index, seen: index > begun ? Date.now() : null, catalog: change.catalog, key: change.key,
    what: change.removed ? 'removed' : whatOf(change.record) };
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
