/// What descends from what, as nested lists.

import { h, patchOne, replace, Slices } from '../dom.js';

/** A tree of records that is shown again and again: a line is drawn anew only if what it tells changed. */
export class Tree {
  #element = h('ul', { class: 'tree' });
  #lines = new Map();
  #shape = '';
  #turn = 0;

  get element() {
    return this.#element;
  }

  /**
   * Shows these records, the oldest first.
   *
   * @param options `nameOf(record)`, `parentOf(record)` the name of the one that it descends from, `draw(record)`
   *     what stands for it, `printOf(record)` what that is drawn from
   */
  async show(items, { nameOf, parentOf, draw, printOf = JSON.stringify }) {
    this.#turn += 1;
    const turn = this.#turn;
    const sorted = [...items].sort((left, right) => left.createdMillis - right.createdMillis);
    const slices = new Slices();
    const drawn = new Map();
    for (const item of sorted) {
      const name = nameOf(item);
      const print = printOf(item);
      const known = this.#lines.get(name);
      const line = known?.print === print ? known.line
        : known ? patchOne(known.line, lineOf(draw(item))) : lineOf(draw(item));
      drawn.set(name, { print, line });
      this.#lines.set(name, drawn.get(name));
      if (await slices.pause() && turn !== this.#turn) {
        return;
      }
    }
    this.#lines = drawn;
    const shape = JSON.stringify(sorted.map((item) => [nameOf(item), parentOf(item)]));
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#build(sorted, nameOf, parentOf);
    }
  }

  #build(sorted, nameOf, parentOf) {
    const names = new Set(sorted.map(nameOf));
    const isChild = (item) => names.has(parentOf(item)) && parentOf(item) !== nameOf(item);
    const children = Map.groupBy(sorted.filter(isChild), parentOf);
    const seen = new Set();
    const branch = (item) => {
      seen.add(nameOf(item));
      const below = (children.get(nameOf(item)) ?? []).filter((one) => !seen.has(nameOf(one)));
      return h('li', {}, this.#lines.get(nameOf(item)).line, below.length > 0 && list(below));
    };
    // A line without forks goes down, not to the right: hundreds of them must stay readable.
    const list = (some) => h('ul', { class: some.length === 1 ? 'straight' : null }, some.map(branch));
    replace(this.#element, sorted.filter((item) => !isChild(item)).map(branch));
  }
}

function lineOf(content) {
  return h('div', { class: 'tree-line' }, content);
}
