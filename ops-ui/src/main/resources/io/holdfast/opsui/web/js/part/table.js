/// A list of records as a table: sortable by its headings, rows that did not change stay in place, so that
/// focus and selection survive a refresh.

import { h, Keyed, replace } from '../dom.js';

/**
 * Set `columns` (`{name, label, value(row), cell(row), isNumber}`), `sort` (`{by, isDescending}`) and `rows`,
 * each with a `key`. Tells `sort` with the wanted order when a heading is pressed.
 */
class RecordTable extends HTMLElement {
  #keyed = null;
  #shown = [];
  columns = [];
  sort = { by: '', isDescending: false };
  caption = '';
  empty = 'Nothing here.';

  /** Shows these rows; many new ones come in slices. */
  set rows(rows) {
    this.#shown = rows;
    if (!this.#keyed) {
      this.#build();
    }
    this.#keyed.show(this.sorted(rows), { keyOf: (row) => row.key, draw: (row) => this.#row(row) },
      this.#nothing());
  }

  /** Shows the same rows in another order. */
  orderBy(sort) {
    const held = this.contains(document.activeElement) ? document.activeElement.dataset.column : null;
    this.sort = sort;
    this.#build();
    this.rows = this.#shown;
    if (held) {
      [...this.querySelectorAll('button.heading')].find((one) => one.dataset.column === held)?.focus();
    }
  }

  #build() {
    const body = h('tbody');
    this.#keyed = new Keyed(body);
    replace(this, h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': this.caption },
      h('table', {},
        h('caption', { class: 'unseen' }, this.caption),
        h('thead', {}, h('tr', {}, this.columns.map((column) => this.#heading(column)))),
        body)));
  }

  #heading(column) {
    const isSorted = this.sort.by === column.name;
    const order = this.sort.isDescending ? 'descending' : 'ascending';
    return h('th', { scope: 'col', class: column.isNumber && 'number', 'aria-sort': isSorted && order },
      column.value
        ? h('button', { type: 'button', class: 'heading', data: { column: column.name }, on: { click: () => this.#ask(column) } }, column.label,
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

  /** The rows in the order that is chosen. */
  sorted(rows) {
    const column = this.columns.find((one) => one.name === this.sort.by);
    if (!column?.value) {
      return rows;
    }
    const sign = this.sort.isDescending ? -1 : 1;
    return [...rows].sort((left, right) => sign * compare(column.value(left), column.value(right)));
  }
}

customElements.define('hf-table', RecordTable);

function compare(left, right) {
  if (typeof left === 'number' && typeof right === 'number') {
    return left - right;
  }
  return String(left ?? '').localeCompare(String(right ?? ''), 'en', { numeric: true });
}

/** The order that an address tells: a column's name, with a leading `-` if it descends. */
export function orderOf(text) {
  return { by: (text ?? '').replace(/^-/, ''), isDescending: (text ?? '').startsWith('-') };
}

/** A table that is ready to be filled. */
export function table(columns, { caption, order, empty, onSort }) {
  const element = document.createElement('hf-table');
  Object.assign(element, { columns, caption, sort: orderOf(order), empty: empty ?? element.empty });
  if (onSort) {
    element.addEventListener('sort', ({ detail }) => onSort((detail.isDescending ? '-' : '') + detail.by));
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
