/// A list of records as a table: sortable by its headings, rows that did not change stay in place, so that
/// focus and selection survive a refresh.

import { h, replace } from '../dom.js';

/**
 * Set `columns` (`{name, label, value(row), cell(row), isNumber}`), `sort` (`{by, isDescending}`) and `rows`,
 * each with a `key`. Tells `sort` with the wanted order when a heading is pressed.
 */
class RecordTable extends HTMLElement {
  #rows = new Map();
  #body = null;
  columns = [];
  sort = { by: '', isDescending: false };
  caption = '';
  empty = 'Nothing here.';

  set rows(rows) {
    if (!this.#body) {
      this.#build();
    }
    const kept = new Map();
    const elements = this.#sorted(rows).map((row) => {
      const print = JSON.stringify(row);
      const before = this.#rows.get(row.key);
      const entry = before?.print === print ? before : { print, element: this.#row(row) };
      kept.set(row.key, entry);
      return entry.element;
    });
    this.#rows = kept;
    this.#place(elements.length > 0 ? elements : [this.#nothing()]);
  }

  #build() {
    this.#body = h('tbody');
    replace(this, h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': this.caption },
      h('table', {},
        h('caption', { class: 'unseen' }, this.caption),
        h('thead', {}, h('tr', {}, this.columns.map((column) => this.#heading(column)))),
        this.#body)));
  }

  #heading(column) {
    const isSorted = this.sort.by === column.name;
    const order = this.sort.isDescending ? 'descending' : 'ascending';
    return h('th', { scope: 'col', class: column.isNumber && 'number', 'aria-sort': isSorted && order },
      column.value
        ? h('button', { type: 'button', class: 'heading', on: { click: () => this.#ask(column) } }, column.label,
          h('span', { 'aria-hidden': 'true', class: 'arrow' }, isSorted ? (this.sort.isDescending ? '▾' : '▴') : ''))
        : column.label || h('span', { class: 'unseen' }, 'Actions'));
  }

  #ask(column) {
    const isDescending = this.sort.by === column.name && !this.sort.isDescending;
    this.dispatchEvent(new CustomEvent('sort', { detail: { by: column.name, isDescending } }));
  }

  #row(row) {
    return h('tr', {}, this.columns.map((column, place) =>
      h(place === 0 ? 'th' : 'td', { scope: place === 0 && 'row', class: column.isNumber && 'number' },
        column.cell ? column.cell(row) : (column.value(row) ?? '–'))));
  }

  #nothing() {
    return h('tr', { class: 'nothing' }, h('td', { colspan: this.columns.length }, this.empty));
  }

  #sorted(rows) {
    const column = this.columns.find((one) => one.name === this.sort.by);
    if (!column?.value) {
      return rows;
    }
    const sign = this.sort.isDescending ? -1 : 1;
    return [...rows].sort((left, right) => sign * compare(column.value(left), column.value(right)));
  }

  /// Moves only what is out of place: moving an element takes its focus away.
  #place(elements) {
    const wanted = new Set(elements);
    [...this.#body.children].filter((child) => !wanted.has(child)).forEach((child) => child.remove());
    elements.forEach((element, place) => {
      if (this.#body.children[place] !== element) {
        this.#body.insertBefore(element, this.#body.children[place] ?? null);
      }
    });
  }
}

customElements.define('hf-table', RecordTable);

function compare(left, right) {
  if (typeof left === 'number' && typeof right === 'number') {
    return left - right;
  }
  return String(left ?? '').localeCompare(String(right ?? ''), 'en', { numeric: true });
}

/** A table that is ready to be filled. */
export function table(columns, { caption, sort, empty, onSort }) {
  const element = document.createElement('hf-table');
  Object.assign(element, { columns, caption, sort: sort ?? element.sort, empty: empty ?? element.empty });
  if (onSort) {
    element.addEventListener('sort', (event) => onSort(event.detail));
  }
  return element;
}

/**
 * A small table without order of its own, for what is patched at each look.
 *
 * @param label what it tells
 * @param headings texts; with a leading `#` the column holds numbers
 * @param rows lists of cells, the first of each its heading
 */
export function plainTable(label, headings, rows) {
  const isNumber = headings.map((text) => text.startsWith('#'));
  return h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': label },
    h('table', {},
      h('thead', {}, h('tr', {}, headings.map((text, place) =>
        h('th', { scope: 'col', class: isNumber[place] && 'number' }, text.replace(/^#/, ''))))),
      h('tbody', {}, rows.map((cells) => h('tr', {}, cells.map((cell, place) =>
        h(place === 0 ? 'th' : 'td', { scope: place === 0 && 'row', class: isNumber[place] && 'number' },
          cell ?? '–')))))));
}
