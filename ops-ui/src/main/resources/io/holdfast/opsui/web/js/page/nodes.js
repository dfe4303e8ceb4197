/// The nodes: a list, and a page for each.

import { get, read } from '../api.js';
import { freshId, h, replace } from '../dom.js';
import { count, roundTrip } from '../format.js';
import { nodeActions } from '../part/nodeactions.js';
import { badge, facts, panel, problem, when } from '../part/marks.js';
import { recordView } from '../part/record.js';
import { table } from '../part/table.js';
import { lagOf, lifeOf, roleOf } from '../risk.js';
import { changed, go, link } from '../route.js';
import { learn } from '../session.js';

const STATUS_MILLIS = 3_000;

const COLUMNS = [
  { name: 'name', label: 'Name', value: (row) => row.key,
    cell: (row) => h('a', { href: link(['nodes', row.key]) }, row.key) },
  { name: 'zone', label: 'Zone', value: (row) => row.zone },
  { name: 'state', label: 'State', value: (row) => row.state, cell: (row) => badge(row.state) },
  { name: 'life', label: 'Life', value: (row) => row.life,
    cell: (row) => badge(row.answers ? row.life.toLowerCase() : 'silent') },
  { name: 'role', label: 'Ledger role', value: (row) => row.role,
    cell: (row) => (row.role ? badge(row.role, row.role === 'leader' ? 'good' : 'plain') : '–') },
  { name: 'applied', label: 'Applied', isNumber: true, value: (row) => row.applied,
    cell: (row) => count(row.applied) },
  { name: 'lag', label: 'Lag', isNumber: true, value: (row) => row.lag, cell: (row) => count(row.lag) },
  { name: 'links', label: 'Links up', isNumber: true, value: (row) => row.links },
  { name: 'version', label: 'Version', value: (row) => row.version },
  { name: 'api', label: 'API address', value: (row) => row.api },
];

function rowOf(node, status) {
  const links = node.report?.links ?? [];
  return {
    key: node.name, zone: node.zone, state: node.state, answers: node.answers, life: lifeOf(node),
    role: roleOf(node), applied: node.report?.lastApplied, lag: lagOf(node, status) ?? undefined,
    links: node.report ? `${links.filter((one) => one.state === 'up').length} of ${links.length}` : '–',
    version: node.report?.version ?? '–', api: node.addresses?.api ?? '–',
  };
}

export function nodes({ route, signal }) {
  let place = route;
  let status = null;
  let shown = build();
  const outcome = h('div');
  const id = freshId('find');
  const find = h('input', { id, type: 'search', class: 'search', value: place.query.get('find') ?? '',
    placeholder: 'Name, zone, state…', autocomplete: 'off', spellcheck: 'false',
    on: { input: () => go(changed(place, { find: find.value }), true) } });

  function build() {
    const text = place.query.get('sort') ?? '';
    return table(COLUMNS, {
      caption: 'Nodes', empty: 'No node is like that.',
      sort: { by: text.replace(/^-/, ''), isDescending: text.startsWith('-') },
      onSort: ({ by, isDescending }) => go(changed(place, { sort: (isDescending ? '-' : '') + by }), true),
    });
  }

  function draw() {
    const wanted = (place.query.get('find') ?? '').toLowerCase();
    shown.rows = (status?.nodes ?? []).map((node) => rowOf(node, status)).filter((row) =>
      [row.key, row.zone, row.state, row.life, row.role, row.api].join(' ').toLowerCase().includes(wanted));
  }

  async function refresh() {
    try {
      status = await get('/v1/status', { signal });
      learn(status);
      replace(outcome);
      draw();
    } catch (error) {
      if (!signal.aborted && status === null) {
        replace(outcome, problem(error));
      }
    }
  }

  every(refresh, signal);
  const element = h('div', {}, h('h1', {}, 'Nodes'),
    h('div', { class: 'filters' }, h('label', { for: id, class: 'unseen' }, 'Find a node'), find), outcome, shown);
  return {
    title: 'Nodes',
    element,
    catalogs: ['nodes'],
    refresh,
    update(next) {
      const isOtherSort = next.query.get('sort') !== place.query.get('sort');
      place = next;
      if (isOtherSort) {
        const old = shown;
        shown = build();
        old.replaceWith(shown);
      }
      draw();
    },
  };
}

export function node({ route, signal }) {
  const name = route.segments[1];
  const body = h('div', {}, h('p', { class: 'faint' }, 'Asking the node…'));
  const actions = h('div', { class: 'buttons' });
  let record = null;
  let status = null;

  async function readRecord() {
    try {
      record = await read(`/v1/nodes/${encodeURIComponent(name)}`, {}, { signal });
      replace(actions, nodeActions(record, refresh));
      draw();
    } catch (error) {
      fail(error);
    }
  }

  async function readStatus() {
    try {
      status = await get('/v1/status', { signal });
      learn(status);
      draw();
    } catch (error) {
      fail(error);
    }
  }

  function fail(error) {
    if (!signal.aborted && (record === null || status === null)) {
      replace(body, problem(error));
    }
  }

  function draw() {
    if (record !== null && status !== null) {
      const known = status.nodes.find((one) => one.name === name) ?? { name, answers: false };
      replace(body, ...nodeView(record, known, status));
    }
  }

  function refresh() {
    return Promise.all([readRecord(), readStatus()]);
  }

  every(readStatus, signal);
  return {
    title: name,
    element: h('div', {}, h('p', { class: 'crumbs' }, h('a', { href: link(['nodes']) }, 'Nodes'), ' / ', name),
      h('div', { class: 'title-line' }, h('h1', {}, name), actions), body),
    catalogs: ['nodes'],
    refresh,
  };
}

function every(refresh, signal) {
  const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), STATUS_MILLIS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

function nodeView(record, known, status) {
  const { report } = known;
  const reason = record.stateDetails?.reason;
  return [
    panel('Now', facts([
      ['State', h('span', {}, badge(record.state), reason ? ` ${reason}` : '')],
      ['Life', badge(known.answers ? lifeOf(known).toLowerCase() : 'silent')],
      ['Ledger role', roleOf(known) || '–'],
      ['Lag', report ? `${count(lagOf(known, status))} entries` : '–'],
      ['Version', report?.version],
      ['Process started', when(report?.startedAt)],
      ['Certificate expires', when(record.certificate?.notAfterMillis)],
      ['Zone', record.description?.zone],
    ])),
    report && panel('State machines', machines(report)),
    report && panel('Ledgers', (report.ledgers ?? []).map(ledger)),
    report?.grid && panel('Grid, as this node sees it', facts([
      ['Members', count(report.grid.memberCount)], ['Records here', count(report.grid.entryCount)],
      ['Watermark', count(report.grid.watermark)], ['Partitions refilled', count(report.grid.lostPartitions)],
      ['Safe', badge(report.grid.isSafe ? 'safe' : 'not safe', report.grid.isSafe ? 'good' : 'bad')]])),
    report && panel('Links to other nodes', links(report)),
    panel(`Record, version ${record.version}`, recordView(record)),
  ];
}

function machines(report) {
  const shown = table([
    { name: 'key', label: 'Machine' },
    { name: 'state', label: 'State', cell: (row) => badge(row.state.toLowerCase()) },
    { name: 'since', label: 'Since', cell: (row) => when(row.since) },
    { name: 'reason', label: 'Reason', value: (row) => row.reason },
  ].map((column) => ({ value: (row) => row[column.name], ...column })), { caption: 'State machines' });
  shown.rows = (report.machines ?? []).map((one) => ({ key: one.name, ...one }));
  return shown;
}

function ledger(one) {
  const { leadership, progress, proposals } = one;
  return facts([
    ['Group', one.group], ['Role', badge(leadership.role, leadership.role === 'leader' ? 'good' : 'plain')],
    ['Leader', leadership.leader ?? 'none known'], ['Term', count(leadership.term)],
    ['Leader\'s lease', one.leaseHeld ? 'held here' : 'not held here'],
    ['Applied', count(progress.applied)], ['Committed', count(progress.committed)],
    ['Last snapshot', progress.lastSnapshot ? `index ${count(progress.lastSnapshot)}` : 'none'],
    ['Commands applied', `${count(progress.commandsApplied)}, ${count(progress.commandsRepeated)} repeated`],
    ['Waiting', `${count(proposals.queuedCommands)} commands, ${count(proposals.entriesOutstanding)} entries on the way`],
    ['Refused for load', count(proposals.commandsRefused)],
  ]);
}

function links(report) {
  const shown = table([
    { name: 'key', label: 'To', value: (row) => row.key,
      cell: (row) => h('a', { href: link(['nodes', row.key]) }, row.key) },
    { name: 'state', label: 'State', value: (row) => row.state, cell: (row) => badge(row.state) },
    { name: 'roundTrip', label: 'Round trip', isNumber: true, value: (row) => row.roundTripNanos,
      cell: (row) => roundTrip(row.roundTripNanos) },
    { name: 'outstanding', label: 'Waiting', isNumber: true, value: (row) => row.outstandingCount },
    { name: 'since', label: 'Since', value: (row) => row.since, cell: (row) => when(row.since) },
    { name: 'reason', label: 'Reason', value: (row) => row.reason },
  ].map(({ ...column }) => column), { caption: 'Links', empty: 'This node has no links.' });
  shown.rows = (report.links ?? []).map((one) => ({ key: one.peer, ...one }));
  return shown;
}
