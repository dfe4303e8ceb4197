/// The images that the cluster keeps, for every node to run.

import { segment } from '../api.js';
import { h } from '../dom.js';
import { bytes, count } from '../format.js';
import { actionButton } from '../part/action.js';
import { RecordList } from '../part/list.js';
import { facts, when } from '../part/marks.js';
import { menu } from '../part/menu.js';
import { link } from '../route.js';
import { mayActAs } from '../session.js';

const DIGEST_SHOWN = 19;
const NAME = '[a-z0-9][a-z0-9._\\-]*(:[A-Za-z0-9._\\-]+)?';

const COLUMNS = [
  { name: 'key', label: 'Name', value: (row) => row.key,
    cell: (row) => h('a', { href: link(['catalogs', 'images', row.key]) }, row.key) },
  { name: 'users', label: 'Applications', isNumber: true, value: (row) => row.userCount,
    cell: (row) => count(row.userCount) },
  { name: 'size', label: 'Layers', isNumber: true, value: sizeOf, cell: (row) => bytes(sizeOf(row)) },
  { name: 'origin', label: 'Came from', value: (row) => row.image?.origin,
    cell: (row) => h('span', { class: 'key' }, row.image?.origin ?? '–') },
  { name: 'manifest', label: 'Manifest', value: (row) => row.image?.manifest?.digest,
    cell: (row) => h('span', { class: 'key unbroken', title: row.image?.manifest?.digest },
      `${String(row.image?.manifest?.digest ?? '–').slice(0, DIGEST_SHOWN)}…`) },
  { name: 'imported', label: 'Imported', value: (row) => row.importedMillis, cell: (row) => when(row.importedMillis) },
];

export function images({ route }) {
  const after = () => list.refresh();
  const list = new RecordList(route, {
    path: '/v1/images', caption: 'Images', hasPrefix: true, attributes: [{ name: 'manifest', kind: 'text' }],
    words: ['image', 'list'], empty: 'No image was imported.',
    columns: [...COLUMNS, { name: 'actions', label: '', cell: (row) => mayActAs('operator')
      && menu(row.key, () => [remove(row, after)]) }],
  });
  return {
    title: 'Images',
    element: h('div', {}, h('div', { class: 'title-line' }, h('h1', {}, 'Images'),
      h('div', { class: 'buttons' }, mayActAs('operator') && importImage(after))), list.element),
    catalogs: ['images'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

function sizeOf(row) {
  return (row.image?.layers ?? []).reduce((sum, layer) => sum + (layer.sizeBytes ?? 0), 0);
}

function importImage(after) {
  return actionButton('Import…', {
    title: 'Import an image', button: 'Import', after,
    explain: 'The node that answers this page reads it, for its own platform; from then on every node has it.',
    fields: [{ name: 'reference', label: 'Where it is', isRequired: true, lengthMax: 512,
      hint: 'HOST[:PORT]/PATH[:TAG], or on that node\'s host oci:/FOLDER[:NAME] or oci-archive:/FILE[:NAME].' },
    { name: 'name', label: 'Name here', pattern: NAME, lengthMax: 127, hint: 'NAME or NAME:TAG; chosen if left empty.' }],
    request: (values) => ({ method: 'POST', path: '/v1/images',
      body: { reference: values.reference, ...(values.name ? { name: values.name } : {}) } }),
    command: (values) => ['image', 'import', values.reference || 'REFERENCE', ...(values.name ? ['--name', values.name] : [])],
    done: (reply) => [h('h2', {}, 'It is being imported'), facts([['Image', reply.image],
      ['Operation', h('a', { href: link(['operations'], { prefix: reply.operation }) }, reply.operation)]])],
  });
}

function remove(row, after) {
  return actionButton('Delete…', {
    title: `Delete ${row.key}`, button: 'Delete', confirm: row.key, after,
    explain: 'It is refused while an application uses it. What no other image needs is reclaimed later.',
    request: () => ({ method: 'DELETE', path: `/v1/images/${segment(row.key)}`, ifMatch: row.version }),
    command: () => ['image', 'delete', row.key],
  }, { isDanger: true, isQuiet: true });
}
