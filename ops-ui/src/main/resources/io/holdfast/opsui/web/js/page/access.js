/// Who may do what: users, their tokens, and rights for nodes to join.

import { segment } from '../api.js';
import { h } from '../dom.js';
import { count, time } from '../format.js';
import { actionButton } from '../part/action.js';
import { RecordList } from '../part/list.js';
import { badge, copyable, panel, when } from '../part/marks.js';
import { link } from '../route.js';
import { session } from '../session.js';

const ROLES = ['viewer', 'operator', 'admin'];
const NAME = '[a-z0-9][a-z0-9._\\-]{0,62}';
const DAY_SECONDS = 86_400;

export function access({ route }) {
  const isTokens = route.segments[1] === 'join-tokens';
  const list = isTokens ? joinTokens(route) : users(route);
  const tabs = h('nav', { class: 'tabs', 'aria-label': 'Access' },
    tab('Users', ['access'], !isTokens), tab('Join tokens', ['access', 'join-tokens'], isTokens));
  return {
    title: 'Access',
    element: h('div', {}, h('div', { class: 'title-line' }, h('h1', {}, 'Access'),
      h('div', { class: 'buttons' }, isTokens ? createJoinToken(() => list.refresh())
        : createUser(() => list.refresh()))), tabs, list.element),
    catalogs: [isTokens ? 'join-tokens' : 'users'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

function tab(label, place, isHere) {
  return h('a', { href: link(place), 'aria-current': isHere && 'page' }, label);
}

function users(route) {
  const list = new RecordList(route, {
    path: '/v1/users', caption: 'Users', hasPrefix: true, attributes: [{ name: 'role', kind: 'text' }],
    words: ['user', 'list'],
    columns: [
      { name: 'key', label: 'Name', value: (row) => row.key,
        cell: (row) => h('a', { href: link(['access', 'users', row.key]) }, row.key) },
      { name: 'role', label: 'Role', value: (row) => row.role, cell: (row) => badge(row.role, 'plain') },
      { name: 'tokens', label: 'Tokens', isNumber: true, value: (row) => row.tokenCount,
        cell: (row) => count(row.tokenCount) },
      { name: 'created', label: 'Made', value: (row) => row.createdMillis, cell: (row) => when(row.createdMillis) },
      { name: 'actions', label: '', cell: (row) => userActions(row, () => list.refresh()) },
    ],
  });
  return list;
}

function userActions(row, after) {
  const path = `/v1/users/${segment(row.key)}`;
  return h('div', { class: 'buttons' },
    actionButton('Role…', {
      title: `Role of ${row.key}`, button: 'Set', after,
      explain: row.key === session.user ? 'This is you: with a smaller role you cannot take it back.' : null,
      fields: [{ name: 'role', label: 'Role', kind: 'choice', options: ROLES, value: row.role }],
      request: (values) => ({ method: 'PATCH', path, ifMatch: row.version, body: { role: values.role } }),
      command: (values) => ['user', 'set-role', row.key, values.role],
    }, { isQuiet: true }),
    actionButton('Delete…', {
      title: `Delete ${row.key}`, button: 'Delete', confirm: row.key, after,
      explain: 'The user and all its tokens are gone, at once and everywhere.',
      request: () => ({ method: 'DELETE', path, ifMatch: row.version }),
      command: () => ['user', 'delete', row.key],
    }, { isDanger: true, isQuiet: true }));
}

function createUser(after) {
  return actionButton('New user…', {
    title: 'New user', button: 'Create', after,
    fields: [{ name: 'name', label: 'Name', isRequired: true, pattern: NAME, lengthMax: 63,
      hint: 'Lower case letters, digits and . _ -' },
    { name: 'role', label: 'Role', kind: 'choice', options: ROLES, value: 'viewer' }],
    request: (values) => ({ method: 'POST', path: '/v1/users', body: { name: values.name, role: values.role } }),
    command: (values) => ['user', 'create', values.name || 'NAME', '--role', values.role],
  });
}

function joinTokens(route) {
  const list = new RecordList(route, {
    path: '/v1/join-tokens', caption: 'Join tokens', hasPrefix: true, attributes: [], words: ['token', 'list'],
    empty: 'No token is open. Each lets one node join.',
    columns: [
      { name: 'key', label: 'Id', value: (row) => row.key, cell: (row) => h('span', { class: 'key' }, row.key) },
      { name: 'by', label: 'Made by', value: (row) => row.createdBy },
      { name: 'expires', label: 'Expires', value: (row) => row.expiresMillis, cell: expiry },
      { name: 'actions', label: '', cell: (row) => actionButton('Revoke…', {
        title: `Revoke join token ${row.key}`, button: 'Revoke', after: () => list.refresh(),
        explain: 'No node can join with it any more.',
        request: () => ({ method: 'DELETE', path: `/v1/join-tokens/${segment(row.key)}` }),
        command: () => ['token', 'delete', row.key],
      }, { isDanger: true, isQuiet: true }) },
    ],
  });
  return list;
}

function createJoinToken(after) {
  return actionButton('New join token…', {
    title: 'New join token', button: 'Create', after,
    explain: 'It lets one node join, once. It is shown only now; the cluster keeps its hash.',
    fields: [{ name: 'minutes', label: 'Minutes until it expires', kind: 'number', value: 60, min: 1, max: 43_200,
      isRequired: true }],
    request: (values) => ({ method: 'POST', path: '/v1/join-tokens', isIdempotent: false,
      body: { expiresSeconds: values.minutes * 60 } }),
    command: (values) => ['token', 'create', '--expires-minutes', values.minutes],
    done: (reply) => secret('The join token', reply, `holdfast node join --config node.conf `
      + `--address ${[...session.addresses.values()][0] ?? location.host} --token ${reply.token}`),
  });
}

export function user({ route }) {
  const name = route.segments[2];
  const list = new RecordList(route, {
    path: `/v1/users/${segment(name)}/tokens`, caption: `Tokens of ${name}`, empty: 'No tokens.',
    attributes: [{ name: 'revoked', kind: 'flag' }, { name: 'expiresMillis', kind: 'number' }],
    presets: [{ label: 'not revoked', where: 'revoked=false' }],
    columns: [
      { name: 'key', label: 'Id', value: (row) => row.key,
        cell: (row) => h('span', { class: 'key' }, row.key.split('/').at(-1)) },
      { name: 'note', label: 'Note', value: (row) => row.note },
      { name: 'state', label: 'State', cell: (row) => badge(row.isRevoked ? 'revoked'
        : row.expiresMillis < Date.now() ? 'expired' : 'good') },
      { name: 'created', label: 'Made', value: (row) => row.createdMillis, cell: (row) => when(row.createdMillis) },
      { name: 'expires', label: 'Expires', value: (row) => row.expiresMillis, cell: expiry },
      { name: 'actions', label: '', cell: (row) => !row.isRevoked && revoke(name, row.key.split('/').at(-1),
        () => list.refresh()) },
    ],
  });
  return {
    title: name,
    element: h('div', {}, h('p', { class: 'crumbs' }, h('a', { href: link(['access']) }, 'Access'), ' / ', name),
      h('div', { class: 'title-line' }, h('h1', {}, name),
        h('div', { class: 'buttons' }, createToken(name, () => list.refresh()))), panel('Tokens', list.element)),
    catalogs: ['user-tokens'],
    refresh: () => list.refresh(),
    update: (next) => list.update(next),
  };
}

function expiry(row) {
  if (!row.expiresMillis) {
    return 'never';
  }
  return row.expiresMillis < Date.now() ? badge('expired') : when(row.expiresMillis);
}

function revoke(name, id, after) {
  return actionButton('Revoke…', {
    title: `Revoke token ${id}`, button: 'Revoke', after,
    explain: 'Whatever uses the token is refused at once, at every node.',
    request: () => ({ method: 'DELETE', path: `/v1/users/${segment(name)}/tokens/${segment(id)}` }),
    command: () => ['user', 'token', 'revoke', name, id],
  }, { isDanger: true, isQuiet: true });
}

function createToken(name, after) {
  return actionButton('New token…', {
    title: `New token for ${name}`, button: 'Create', after,
    explain: 'It is shown only now; the cluster keeps its hash.',
    fields: [{ name: 'days', label: 'Days until it expires', kind: 'number', value: 90, min: 1, max: 3_650,
      isRequired: true }, { name: 'note', label: 'What it is for', lengthMax: 200 }],
    request: (values) => ({ method: 'POST', path: `/v1/users/${segment(name)}/tokens`, isIdempotent: false,
      body: { expiresSeconds: values.days * DAY_SECONDS, note: values.note } }),
    command: (values) => ['user', 'token', 'create', name, '--expires-days', values.days,
      ...(values.note ? ['--note', values.note] : [])],
    done: (reply) => secret('The token', reply),
  });
}

function secret(title, reply, use) {
  return [h('h2', {}, title), h('p', {}, `Keep it now: it is not shown again. It is good until ${
    time(reply.expires)}.`), copyable(reply.token, 'the token'), use && h('p', {}, 'On the new host:'),
  use && copyable(use, 'the command line')];
}
