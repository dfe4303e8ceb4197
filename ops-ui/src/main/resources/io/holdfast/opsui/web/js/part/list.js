/// A page of a catalog: filters, table, paging by cursor. Everything chosen is in the address.

import { onlyOfCalls, queryText, read } from '../api.js';
import { commandLine, curlLine } from '../commandtext.js';
import { freshId, h, patch, replace } from '../dom.js';
import { count } from '../format.js';
import { changed, go } from '../route.js';
import { copyable, problem, waiting } from './marks.js';
import { orderOf, table } from './table.js';

const PAGE_RECORDS = 50;
const OPERATORS = ['=', '!=', '>=', '<=', '>', '<'];
const CONDITIONS_MAX = 8;
const TYPING_MILLIS = 300;

/**
 * A list of records.
 *
 * @param options `path` of the API, `columns`, `caption`, `attributes` (`{name, kind}`) to filter by, `hasPrefix`,
 *     `words` of the command line or null, `empty`, `fixed` conditions, `presets` (`{label, where}`),
 *     `prefixOf(text)` the begin of keys that is meant by what was typed, `parameters` of every call, `arrived(items)` told what was read before it is shown; gives what to show
 */
export class RecordList {
  #options;
  #route;
  #table;
  #filters = h('div', { class: 'filters' });
  #outcome = h('div', {}, waiting());
  #foot = h('div', { class: 'list-foot' });
  #calls = h('details', { class: 'calls' });
  #callsOf = null;
  #before = new Map();
  #typing = 0;
  #running = null;

  constructor(route, options) {
    this.#route = route;
    this.#options = options;
    this.#table = table(options.columns, { caption: options.caption, empty: options.empty,
      order: route.query.get('sort'), onSort: (order) => go(changed(this.#route, { sort: order }), true) });
    this.element = h('div', { class: 'list' }, this.#filters, this.#outcome, this.#table, this.#foot, this.#calls);
    this.#drawFilters();
  }

  /** Shows another place of the same list. */
  update(route) {
    const isOtherSort = route.query.get('sort') !== this.#route.query.get('sort');
    const isTyped = route.query.get('prefix') !== this.#route.query.get('prefix')
      && this.#filters.contains(document.activeElement);
    this.#route = route;
    if (isOtherSort) {
      this.#table.orderBy(orderOf(route.query.get('sort')));
    }
    if (!isTyped) {
      this.#drawFilters();
    }
    return this.refresh();
  }

  /** Reads the page anew. */
  async refresh() {
    this.#running?.abort();
    this.#running = new AbortController();
    const parameters = this.#parameters();
    try {
      const page = await read(this.#options.path, parameters, { signal: this.#running.signal });
      replace(this.#outcome);
      this.#table.rows = await this.#options.arrived?.(page.items) ?? page.items;
      this.#drawFoot(page, parameters);
    } catch (error) {
      onlyOfCalls(error);
      if (error.name !== 'AbortError') {
        replace(this.#outcome, problem(error));
        if (error.status === 400 && parameters.cursor) {
          go(changed(this.#route, { cursor: null }), true);
        }
      }
    }
  }

  #parameters() {
    const { query } = this.#route;
    return {
      ...this.#options.parameters,
      limit: PAGE_RECORDS,
      prefix: this.#options.hasPrefix ? this.#prefix(query.get('prefix') ?? '') : null,
      where: [...(this.#options.fixed ?? []), ...query.getAll('where')].slice(0, CONDITIONS_MAX),
      cursor: query.get('cursor'),
    };
  }

  #prefix(text) {
    return text && this.#options.prefixOf ? this.#options.prefixOf(text) : text;
  }

  #drawFilters() {
    const { attributes = [], hasPrefix, presets = [] } = this.#options;
    const where = this.#route.query.getAll('where');
    replace(this.#filters,
      hasPrefix && this.#search(),
      presets.map((preset) => h('a', {
        class: where.includes(preset.where) ? 'chip chosen' : 'chip',
        href: changed(this.#route, { cursor: null, where: toggled(where, preset.where) }),
        'aria-current': where.includes(preset.where) && 'true',
      }, preset.label)),
      attributes.length > 0 && where.length < CONDITIONS_MAX && this.#conditionForm(attributes, where),
      where.filter((one) => !presets.some((preset) => preset.where === one)).map((one) => h('a', {
        class: 'chip chosen', href: changed(this.#route, { cursor: null, where: toggled(where, one) }),
        'aria-label': `Take away the filter ${one}`,
      }, one, h('span', { 'aria-hidden': 'true' }, ' ×'))));
  }

  #search() {
    const id = freshId('prefix');
    const input = h('input', { id, type: 'search', class: 'search', value: this.#route.query.get('prefix') ?? '',
      placeholder: 'Key begins with…', spellcheck: 'false', autocomplete: 'off' });
    input.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(
        () => go(changed(this.#route, { prefix: input.value, cursor: null }), true), TYPING_MILLIS);
    });
    return [h('label', { for: id, class: 'unseen' }, 'Key begins with'), input];
  }

  #conditionForm(attributes, where) {
    const attribute = h('select', { 'aria-label': 'Attribute' },
      attributes.map((one) => h('option', { value: one.name }, one.name)));
    const operator = h('select', { 'aria-label': 'Operator' },
      OPERATORS.map((one) => h('option', { value: one }, one)));
    const value = h('input', { type: 'text', 'aria-label': 'Value', placeholder: 'value', size: 12,
      spellcheck: 'false', autocomplete: 'off', maxlength: 500 });
    return h('form', {
      class: 'condition',
      on: {
        submit: (event) => {
          event.preventDefault();
          const condition = attribute.value + operator.value + value.value;
          go(changed(this.#route, { where: [...new Set([...where, condition])], cursor: null }));
        },
      },
    }, attribute, operator, value, h('button', { type: 'submit' }, 'Filter'));
  }

  #drawFoot(page, parameters) {
    const cursor = parameters.cursor;
    if (page.next) {
      this.#before.set(page.next, cursor ?? '');
    }
    const isWhole = !cursor && !page.next;
    const previous = cursor ? this.#before.get(cursor) : undefined;
    patch(this.#foot,
      h('span', { class: 'faint' }, `${count(page.items.length)} shown · as of ledger index ${count(page.index)}`,
        !isWhole && this.#route.query.get('sort') ? ' · sorted within this page' : ''),
      h('nav', { 'aria-label': 'Pages of the list' },
        cursor && h('a', { class: 'button', href: changed(this.#route, { cursor: null }) }, 'First'),
        previous !== undefined && previous !== ''
          && h('a', { class: 'button', href: changed(this.#route, { cursor: previous }) }, 'Previous'),
        page.next && h('a', { class: 'button', href: changed(this.#route, { cursor: page.next }) }, 'Next')));
    this.#drawCalls(parameters);
  }

  #drawCalls(parameters) {
    const { path, words } = this.#options;
    const query = queryText(parameters);
    if (query === this.#callsOf) {
      return;
    }
    this.#callsOf = query;
    const isOpen = this.#calls.open;
    replace(this.#calls, h('summary', {}, 'The same from a terminal'),
      words && copyable(commandLine(words), 'the command line'),
      copyable(curlLine({ method: 'GET', path: `${path}?${query}` }, location.origin),
        'the curl call'));
    this.#calls.open = isOpen;
  }
}

function toggled(where, condition) {
  return where.includes(condition) ? where.filter((one) => one !== condition) : [...where, condition];
}
