/// Any record as a tree of names and values.

import { h } from '../dom.js';
import { bytes, count, duration, time, words } from '../format.js';

/// Numbers that are names rather than amounts.
const PLAIN = /^(port|member|number|disk|node)$/i;

/// What holds numbers of which 0 says that there is none.
const LIMITS = 'limits';

/** The members of a record, nested ones indented. */
export function recordView(record) {
  return members(Object.entries(record).filter(([name]) => name !== 'key' && name !== 'version'));
}

function members(entries, of = '') {
  return h('dl', { class: 'facts record' }, entries.map(([name, value]) => [
    h('dt', { title: name }, words(name.replace(/(Millis|Bytes)$/, ''))),
    h('dd', {}, value === 0 && of === LIMITS ? 'no limit' : shown(name, value))]));
}

function shown(name, value) {
  if (value === null || value === undefined) {
    return '–';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : h('ol', { class: 'values' },
      value.map((one) => h('li', {}, shown('', one))));
  }
  if (typeof value === 'object') {
    return members(Object.entries(value), name);
  }
  if (typeof value === 'number') {
    return number(name, value);
  }
  return String(value);
}

function number(name, value) {
  if (PLAIN.test(name)) {
    return String(value);
  }
  if (name.endsWith('Millis')) {
    return value > 1e11 ? time(value) : duration(value);
  }
  return name.endsWith('Bytes') ? `${bytes(value)} (${count(value)})` : count(value);
}

/** One line that tells a record apart: its first plain members. */
export function summary(record, leftOut = []) {
  return Object.entries(record)
    .filter(([name, value]) => !['key', 'version', ...leftOut].includes(name)
      && ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, 5)
    .map(([name, value]) => `${name}=${String(value).slice(0, 80)}`)
    .join('  ');
}
