/// What descends from what, as nested lists.

import { h } from '../dom.js';

/**
 * The tree of some records, oldest first.
 *
 * @param items the records
 * @param nameOf the name of a record
 * @param parentOf the name of the record that it descends from, if any
 * @param draw what stands for a record
 */
export function tree(items, { nameOf, parentOf, draw }) {
  const sorted = [...items].sort((left, right) => left.createdMillis - right.createdMillis);
  const names = new Set(sorted.map(nameOf));
  const children = new Map();
  const roots = [];
  for (const item of sorted) {
    const parent = parentOf(item);
    if (parent && names.has(parent) && parent !== nameOf(item)) {
      children.set(parent, [...(children.get(parent) ?? []), item]);
    } else {
      roots.push(item);
    }
  }
  const seen = new Set();
  const branch = (item) => {
    seen.add(nameOf(item));
    const below = (children.get(nameOf(item)) ?? []).filter((one) => !seen.has(nameOf(one)));
    // A line without forks goes down, not to the right: hundreds of them must stay readable.
    return h('li', {}, h('div', { class: 'tree-line' }, draw(item)),
      below.length > 0 && h('ul', { class: below.length === 1 ? 'straight' : null }, below.map(branch)));
  };
  return h('ul', { class: 'tree' }, roots.map(branch));
}
