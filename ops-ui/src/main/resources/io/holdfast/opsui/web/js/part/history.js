/// What became of a record: its last versions, each with what it changed.

import { get, onlyOfCalls } from '../api.js';
import { curlLine } from '../commandtext.js';
import { h, replace } from '../dom.js';
import { count } from '../format.js';
import { copyable, problem, waiting } from './marks.js';
import { plainTable } from './table.js';

const CHANGES_SHOWN = 8;
const VALUE_LENGTH = 60;

/** Folded, since the node looks through all the changes that it keeps; read when it is unfolded. */
export function historyOf(path, signal) {
  const body = h('div');
  const fold = h('details', { class: 'history', on: { toggle: () => fold.open && load() } },
    h('summary', {}, 'Show the versions that this node still knows'), body);

  async function load() {
    replace(body, waiting());
    try {
      const answer = await get(`${path}/history`, { signal });
      replace(body, versions(answer), answer.keptSince > 0 && h('p', { class: 'faint' },
        `What was changed up to the ledger entry ${count(answer.keptSince)} is no longer kept.`),
      copyable(curlLine({ method: 'GET', path: `${path}/history` }, location.origin), 'the curl call'));
    } catch (error) {
      onlyOfCalls(error);
      replace(body, problem(error));
    }
  }

  return fold;
}

function versions({ items }) {
  return items.length === 0 ? h('p', { class: 'faint' }, 'None: it was written before.')
    : plainTable('Versions', ['#Ledger entry', 'What it changed'], items.map((item, place) =>
      [count(item.index), changesOf(item, items[place + 1])]));
}

/** What differs from the version before, as text: `state: making → ready`. */
export function changesOf(item, before) {
  if (item.removed) {
    return 'removed';
  }
  const now = flat(item.record);
  if (!before || before.removed) {
    return before ? 'made anew' : 'as it was then; what came before is not known';
  }
  const then = flat(before.record);
  const names = [...new Set([...then.keys(), ...now.keys()])].filter((name) => then.get(name) !== now.get(name));
  const lines = names.slice(0, CHANGES_SHOWN)
    .map((name) => `${name}: ${then.get(name) ?? '–'} → ${now.get(name) ?? '–'}`);
  const more = names.length - lines.length;
  return h('ul', { class: 'values' }, [...lines, ...(more > 0 ? [`and ${count(more)} more`] : []),
    ...(names.length === 0 ? ['written again, the same'] : [])].map((line) => h('li', {}, line)));
}

function flat(value, name = '', found = new Map()) {
  if (value !== null && typeof value === 'object') {
    Object.entries(value).filter(([member]) => name !== '' || !['key', 'version'].includes(member))
      .forEach(([member, inner]) => flat(inner, name ? `${name}.${member}` : member, found));
  } else {
    found.set(name, String(value).slice(0, VALUE_LENGTH));
  }
  return found;
}
