/// The UI's start: the shell around the pages, and which page an address shows.

import { change, get, latestIndex, Problem, read, signals } from './api.js';
import { h, replace } from './dom.js';
import { Live } from './live.js';
import { access, user } from './page/access.js';
import { application } from './page/application.js';
import { applications } from './page/applications.js';
import { audit } from './page/audit.js';
import { catalog, catalogs, record } from './page/catalogs.js';
import { events } from './page/events.js';
import { images } from './page/images.js';
import { leases } from './page/leases.js';
import { login, takeReturn } from './page/login.js';
import { node } from './page/node.js';
import { nodes } from './page/nodes.js';
import { operations } from './page/operations.js';
import { overview } from './page/overview.js';
import { settings } from './page/settings.js';
import { snapshot, snapshots } from './page/snapshots.js';
import { volume } from './page/volume.js';
import { volumes } from './page/volumes.js';
import { listen, tell } from './part/keys.js';
import { problem } from './part/marks.js';
import { Status } from './part/status.js';
import { link, parse } from './route.js';
import { learn, mayActAs, session } from './session.js';
import { apply, choose, theme } from './theme.js';

const REFRESH_MILLIS = 1_000;
const RETRY_MILLIS = 2_000;
/** Behind everything that an entry changed. */
const WHOLE_ENTRY = 2 ** 31 - 1;
const COLOURS = ['teal', 'blue', 'violet', 'magenta', 'red', 'brown', 'green', 'grey'];

/**
 * The navigation, in groups. Rollouts get their pages beside the images once they move containers; until then
 * their catalog shows them.
 */
const NAVIGATION = [
  { group: 'Cluster', pages: [
    { name: '', label: 'Overview', key: 'o', shows: [overview] },
    { name: 'nodes', label: 'Nodes', key: 'n', shows: [nodes, node] },
    { name: 'operations', label: 'Operations', key: 'p', shows: [operations] },
    { name: 'events', label: 'Events', key: 'e', shows: [events] }] },
  { group: 'Storage', pages: [
    { name: 'volumes', label: 'Volumes', key: 'v', shows: [volumes, volume] }] },
  { group: 'Applications', pages: [
    { name: 'applications', label: 'Applications', key: 'a', shows: [applications, application] },
    { name: 'snapshots', label: 'Snapshots', key: 's', shows: [snapshots, snapshot] }] },
  { group: 'Images and rollouts', pages: [
    { name: 'images', label: 'Images', key: 'i', shows: [images] }] },
  { group: 'State', pages: [
    { name: 'catalogs', label: 'Catalogs', key: 'c', shows: [catalogs, catalog, record] },
    { name: 'leases', label: 'Leases', key: 'l', shows: [leases] },
    { name: 'settings', label: 'Settings', key: 't', shows: [settings] }] },
  { group: 'People', pages: [
    { name: 'access', label: 'Access', key: 'u', shows: [access, access, user], role: 'admin' },
    { name: 'audit', label: 'Audit', key: 'h', shows: [audit], role: 'admin' }] },
];

class App extends HTMLElement {
  #live = new Live();
  #page = null;
  #place = '';
  #abort = null;
  #refreshTimer = 0;
  #isRefreshDue = false;
  #isReturning = false;
  #first = null;
  #main = h('main', { id: 'main', tabindex: '-1' });
  #status = new Status(this.#live);

  async connectedCallback() {
    apply();
    this.#follow();
    await this.#begin();
  }

  async #begin() {
    try {
      await this.#enter();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        this.#showLogin();
      } else {
        replace(this, h('main', {}, h('h1', {}, 'This node does not answer as it should'), problem(error),
          h('p', {}, 'This page keeps trying. ',
            h('button', { type: 'button', on: { click: () => location.reload() } }, 'Try now'))));
        setTimeout(() => this.#begin(), RETRY_MILLIS);
      }
    }
  }

  #follow() {
    window.addEventListener('hashchange', () => this.#route());
    signals.addEventListener('unauthenticated', () => session.user !== '' && this.#showLogin());
    signals.addEventListener('unreachable', () => this.#live.state === 'live' && this.#live.retry());
    this.#live.addEventListener('change', () => this.#refreshSoon());
    this.#live.addEventListener('reset', () => this.#refreshSoon());
    this.#live.addEventListener('state', (event) => this.#onLive(event.detail));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.#isRefreshDue) {
        this.#refreshSoon();
      }
    });
    listen(seenPages);
  }

  async #enter() {
    const [caller, status] = await Promise.all([get('/v1/whoami'), get('/v1/overview')]);
    this.#first = status;
    session.user = caller.name;
    session.role = caller.role;
    session.via = caller.via;
    learn(status);
    this.#drawShell();
    const wanted = takeReturn();
    if (wanted && wanted !== location.hash) {
      location.hash = wanted;
    } else {
      this.#route();
    }
    this.#mark();
  }

  #drawShell() {
    replace(this,
      h('a', { class: 'skip', href: '#main', on: { click: (event) => this.#skip(event) } }, 'Skip to the content'),
      h('header', {},
        h('a', { class: 'brand', href: link([]) }, 'Holdfast'),
        h('span', { class: 'cluster', id: 'cluster-label' }, session.clusterName),
        h('span', { class: 'spring' }),
        this.#status.mark, themeChoice(),
        h('button', { type: 'button', class: 'quiet', 'aria-label': 'Keys', title: 'Keys',
          on: { click: () => tell(seenPages()) } }, '?'),
        h('span', { class: 'caller' }, session.user, h('span', { class: 'faint' }, ` ${session.role}`)),
        session.via === 'cookie'
          && h('button', { type: 'button', class: 'quiet', on: { click: () => logout() } }, 'Log out')),
      h('div', { class: 'frame' }, navigation(), h('div', { class: 'content' }, this.#status.notice, this.#main)),
      h('div', { id: 'toasts', role: 'status', 'aria-live': 'polite' }));
  }

  /// The settings `ui.label` and `ui.colour` tell clusters apart; without them the name and its own colour do.
  async #mark() {
    const own = [...session.clusterId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLOURS.length;
    document.documentElement.dataset.cluster = COLOURS[own];
    try {
      const page = await read('/v1/settings', { prefix: 'ui.', limit: 10 });
      const values = Object.fromEntries(page.items.map((item) => [item.key, item.value]));
      if (COLOURS.includes(values['ui.colour'])) {
        document.documentElement.dataset.cluster = values['ui.colour'];
      }
      if (values['ui.label']) {
        document.getElementById('cluster-label').textContent = values['ui.label'];
      }
    } catch {
      // The cluster's own name and colour stay.
    }
  }

  #skip(event) {
    event.preventDefault();
    this.#main.focus();
  }

  #route() {
    if (session.user === '') {
      return;
    }
    const route = parse(location.hash);
    const place = route.segments.join('/');
    const isSame = this.#page !== null && place === this.#place;
    if (isSame && this.#page.update) {
      this.#page.update(route);
    } else {
      this.#open(route, place);
    }
  }

  #open(route, place) {
    this.#abort?.abort();
    this.#abort = new AbortController();
    this.#place = place;
    this.#page = pageOf(route)({ route, signal: this.#abort.signal, first: this.#first });
    this.#first = null;
    document.title = `${this.#page.title} · ${session.clusterName} · Holdfast`;
    replace(this.#main, this.#page.element);
    markHere(route.segments[0] ?? '');
    this.#main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    // What is read from now on is at least as new as what was read before: what changes is told from there on.
    this.#live.follow(this.#page.catalogs.length > 0 ? this.#page.catalogs : ['nodes'], `${latestIndex()}.${WHOLE_ENTRY}`);
    if (!this.#page.isDrawn) {
      this.#page.refresh?.();
    }
  }

  #onLive(state) {
    if (state === 'live' && this.#isReturning) {
      this.#page?.refresh?.();
    }
    this.#isReturning = state === 'lost' || (this.#isReturning && state !== 'live');
    if (state === 'refused') {
      get('/v1/whoami').catch(() => {});
    }
  }

  /// At most one refresh a second, however many changes come, and none while nobody looks.
  #refreshSoon() {
    this.#isRefreshDue = true;
    if (this.#refreshTimer !== 0 || document.visibilityState !== 'visible') {
      return;
    }
    this.#refreshTimer = setTimeout(() => {
      this.#refreshTimer = 0;
      this.#isRefreshDue = false;
      this.#page?.refresh?.();
    }, REFRESH_MILLIS);
  }

  #showLogin() {
    session.user = '';
    this.#abort?.abort();
    this.#page = null;
    this.#live.stop();
    document.querySelectorAll('dialog').forEach((dialog) => dialog.remove());
    const page = login();
    document.title = 'Log in · Holdfast';
    replace(this, h('header', {}, h('span', { class: 'brand' }, 'Holdfast'),
      h('span', { class: 'faint' }, location.host), h('span', { class: 'spring' }), themeChoice()),
    h('main', { class: 'alone' }, page.element));
    page.focus.focus();
  }
}

function pageOf(route) {
  const [name = ''] = route.segments;
  const found = NAVIGATION.flatMap((group) => group.pages).find((page) => page.name === name);
  const show = found?.shows[Math.max(0, route.segments.length - 1)];
  if (!show || (found.role && !mayActAs(found.role))) {
    return () => nowhere(found);
  }
  return show;
}

function nowhere(found) {
  return {
    title: 'Nothing here',
    element: h('div', {}, h('h1', {}, found ? 'Not for your role' : 'Nothing here'),
      h('p', {}, found ? 'An admin can change roles.' : 'The address names no page. ',
        h('a', { href: link([]) }, 'To the overview'))),
    catalogs: [],
  };
}

function shownGroups() {
  return NAVIGATION
    .map((group) => ({ ...group, pages: group.pages.filter((page) => !page.role || mayActAs(page.role)) }))
    .filter((group) => group.pages.length > 0);
}

function seenPages() {
  return session.user === '' ? [] : shownGroups().flatMap((group) => group.pages);
}

function navigation() {
  return h('nav', { class: 'side', 'aria-label': 'Pages' }, shownGroups().map((group) => h('div', { class: 'nav-group' },
    h('h2', {}, group.group),
    h('ul', {}, group.pages.map((page) => h('li', {}, h('a', { href: link(page.name ? [page.name] : []),
      data: { page: page.name } }, page.label)))))));
}

function markHere(name) {
  document.querySelectorAll('nav.side a').forEach((element) => {
    if (element.dataset.page === name) {
      element.setAttribute('aria-current', 'page');
    } else {
      element.removeAttribute('aria-current');
    }
  });
}

function themeChoice() {
  const select = h('select', { 'aria-label': 'Colours', class: 'quiet' },
    [['system', 'System'], ['light', 'Light'], ['dark', 'Dark']].map(([value, label]) =>
      h('option', { value }, label)));
  select.value = theme();
  select.addEventListener('change', () => choose(select.value));
  return select;
}

async function logout() {
  try {
    await change({ method: 'POST', path: '/v1/logout' });
  } finally {
    location.reload();
  }
}

customElements.define('hf-app', App);
