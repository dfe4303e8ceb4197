/// Every catalog of the grid: which there are, their records, one record.

import { get, read, segment } from '../api.js';
import { curlLine } from '../commandtext.js';
import { h, replace } from '../dom.js';
import { count, entryOf, words } from '../format.js';
import { historyOf } from '../part/history.js';
import { RecordList } from '../part/list.js';
import { copyable, facts, panel, problem, waiting } from '../part/marks.js';
import { recordView, summary } from '../part/record.js';
import { link } from '../route.js';

/** The nouns that the command line lists, by catalog. */
const NOUNS = { nodes: 'node', users: 'user', 'join-tokens': 'token', snapshots: 'snapshot', layers: 'layer',
  chunks: 'chunk', rollouts: 'rollout', leases: 'lease', settings: 'setting', operations: 'operation',
  audit: 'audit', volumes: 'volume', applications: 'app', images: 'image' };

let known = null;

async function catalogsOf(signal) {
  known ??= (await get('/v1/catalogs', { signal })).items;
  return known;
}

export function catalogs({ signal }) {
  const body = h('ul', { class: 'cards' });
  async function refresh() {
    try {
      const all = await catalogsOf(signal);
      replace(body, all.map((catalog) => h('li', {}, h('a', { class: 'card', href: link(['catalogs', catalog.name]) },
        h('strong', {}, words(catalog.name)),
        h('span', { class: 'faint' }, catalog.attributes.length > 0
          ? `by ${catalog.attributes.map((one) => one.name).join(', ')}` : 'by key')))));
    } catch (error) {
      if (!signal.aborted) {
        replace(body, problem(error));
      }
    }
  }
  return { title: 'Catalogs', element: h('div', {}, h('h1', {}, 'Catalogs'),
    h('p', {}, 'Everything the cluster knows, as this node has it. Each record tells the ledger '
      + 'entry that last wrote it; its own page what became of it.'), body), catalogs: [], refresh };
}

export function catalog({ route, signal }) {
  const name = route.segments[1];
  const body = h('div', {}, waiting());
  let place = route;
  let list = null;

  async function refresh() {
    try {
      list ??= await build();
      await list.refresh();
    } catch (error) {
      if (!signal.aborted) {
        replace(body, problem(error));
      }
    }
  }

  async function build() {
    const attributes = (await catalogsOf(signal)).find((one) => one.name === name)?.attributes ?? [];
    const made = new RecordList(place, {
      path: `/v1/catalogs/${segment(name)}`, caption: `Records of ${name}`, hasPrefix: true, attributes,
      words: NOUNS[name] ? [NOUNS[name], 'list'] : null,
      empty: 'No record is like that.', columns: columnsOf(name, attributes),
    });
    replace(body, made.element);
    return made;
  }

  return {
    title: words(name),
    element: h('div', {}, h('p', { class: 'crumbs' }, h('a', { href: link(['catalogs']) }, 'Catalogs'), ' / ', name),
      h('h1', {}, words(name)), body),
    catalogs: [name],
    refresh,
    update(next) {
      place = next;
      return list?.update(next);
    },
  };
}

function columnsOf(name, attributes) {
  const direct = attributes.map((one) => one.name);
  return [
    { name: 'key', label: 'Key', value: (row) => row.key,
      cell: (row) => h('a', { href: link(['catalogs', name, row.key]), class: 'key unbroken' }, row.key) },
    { name: 'version', label: 'Ledger entry', isNumber: true, value: (row) => row.version,
      cell: (row) => count(entryOf(row.version)) },
    ...attributes.filter((one) => one.kind === 'text').slice(0, 3).map((one) => ({
      name: one.name, label: words(one.name), value: (row) => textOf(row[one.name]),
      cell: (row) => h('span', { class: 'short', title: textOf(row[one.name]) }, textOf(row[one.name]) ?? '–') })),
    { name: 'summary', label: 'Members', value: (row) => summary(row, direct),
      cell: (row) => h('span', { class: 'members' }, summary(row, direct)) },
  ];
}

function textOf(value) {
  return value === null || value === undefined || typeof value !== 'object' ? value : Object.values(value).join(' · ');
}

export function record({ route, signal }) {
  const [, name, key] = route.segments;
  const path = `/v1/catalogs/${segment(name)}/${segment(key)}`;
  const body = h('div', {}, waiting());
  const past = panel('History', historyOf(path, signal));
  async function refresh() {
    try {
      const found = await read(path, {}, { signal });
      replace(body,
        panel(null, facts([['Last written by', `ledger entry ${count(entryOf(found.version))}`],
          ['Version', String(found.version)]])),
        panel('Members', recordView(found)),
        panel('As JSON', copyable(JSON.stringify(found, null, 2), 'the record as JSON')),
        panel('The same from a terminal', copyable(curlLine({ method: 'GET', path }, location.origin),
          'the curl call')));
    } catch (error) {
      if (!signal.aborted) {
        replace(body, problem(error));
      }
    }
  }
  return {
    title: key,
    element: h('div', {}, h('p', { class: 'crumbs' }, h('a', { href: link(['catalogs']) }, 'Catalogs'), ' / ',
      h('a', { href: link(['catalogs', name]) }, name), ' / ', key), h('h1', { class: 'key' }, key), body, past),
    catalogs: [name],
    refresh,
  };
}
