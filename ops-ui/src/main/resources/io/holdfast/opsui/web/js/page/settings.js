/// Settings: values by name, changed only if nobody else changed them in between.

import { segment } from '../api.js';
import { h } from '../dom.js';
import { bytes, count, entryOf } from '../format.js';
import { actionButton } from '../part/action.js';
import { RecordList } from '../part/list.js';
import { link } from '../route.js';
import { mayActAs } from '../session.js';

const SHOWN_LENGTH_MAX = 160;

export function settings({ route }) {
  const list = new RecordList(route, {
    path: '/v1/settings', caption: 'Settings', hasPrefix: true,
    attributes: [{ name: 'sizeBytes', kind: 'number' }], words: ['setting', 'list'], empty: 'Nothing is set.',
    columns: [
      { name: 'key', label: 'Name', value: (row) => row.key,
        cell: (row) => h('a', { href: link(['catalogs', 'settings', row.key]), class: 'key' }, row.key) },
      { name: 'value', label: 'Value', value: (row) => row.value ?? row.valueBase64,
        cell: (row) => h('span', { class: 'members' }, valueOf(row)) },
      { name: 'version', label: 'Ledger entry', isNumber: true, value: (row) => row.version,
        cell: (row) => count(entryOf(row.version)) },
      { name: 'actions', label: '', cell: (row) => actions(row, () => list.refresh()) },
    ],
  });
  return {
    title: 'Settings',
    element: h('div', {}, h('div', { class: 'title-line' }, h('h1', {}, 'Settings'),
      mayActAs('operator') && h('div', { class: 'buttons' }, create(() => list.refresh()))), list.element),
    catalogs: ['settings'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

function valueOf(row) {
  if (row.value === undefined) {
    return `${bytes(Math.floor((row.valueBase64 ?? '').length * 0.75))} that are not text`;
  }
  return row.value.length > SHOWN_LENGTH_MAX ? `${row.value.slice(0, SHOWN_LENGTH_MAX)}…` : row.value;
}

function create(after) {
  return actionButton('New setting…', {
    title: 'New setting', button: 'Create', after,
    fields: [{ name: 'name', label: 'Name', isRequired: true, lengthMax: 127, pattern: '[a-z0-9][a-z0-9._\\/\\-]*',
      hint: 'Lower case letters, digits and . _ - /' }, { name: 'value', label: 'Value', kind: 'text' }],
    request: (values) => ({ method: 'PUT', path: `/v1/settings/${segment(values.name)}`, ifNoneMatch: '*',
      body: { value: values.value } }),
    command: (values) => ['setting', 'set', values.name || 'NAME', values.value],
  });
}

function actions(row, after) {
  if (!mayActAs('operator')) {
    return null;
  }
  const path = `/v1/settings/${segment(row.key)}`;
  return h('div', { class: 'buttons' },
    row.value !== undefined && actionButton('Edit…', {
      title: `Edit ${row.key}`, button: 'Set', after,
      explain: `The value that ledger entry ${entryOf(row.version)} wrote is replaced; if somebody was faster, nothing changes.`,
      fields: [{ name: 'value', label: 'Value', kind: 'text', value: row.value }],
      request: (values) => ({ method: 'PUT', path, ifMatch: row.version, body: { value: values.value } }),
      command: (values) => ['setting', 'set', row.key, values.value],
    }, { isQuiet: true }),
    actionButton('Delete…', {
      title: `Delete ${row.key}`, button: 'Delete', confirm: row.key, after,
      explain: 'What reads the setting goes on with its own default.',
      request: () => ({ method: 'DELETE', path, ifMatch: row.version }),
      command: () => ['setting', 'delete', row.key],
    }, { isDanger: true, isQuiet: true }));
}
