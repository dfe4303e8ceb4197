/// What is at risk now, why, and what to do; below it how far the ledger and the grid are.

import { get, onlyOfCalls, read } from '../api.js';
import { h, patch, replace } from '../dom.js';
import { bytes, count, rate, roundTrip } from '../format.js';
import { badge, facts, figure, panel, problem, sparkline, waiting } from '../part/marks.js';
import { every } from '../poll.js';
import { Traffic } from '../traffic.js';
import { findings, lagOf, newestApplied, roleOf, voters } from '../risk.js';
import { link } from '../route.js';
import { learn, session } from '../session.js';

const STATUS_MILLIS = 3_000;
const SAMPLES_MAX = 100;
const NODES_MAX = 1_000;
const EXAMPLES_MAX = 5;
const LANES_MAX = 12;

/** Queries whose every hit is a finding. */
const QUERIES = [
  { catalog: 'snapshots', where: 'state=condemned', level: 'warning', what: 'snapshots condemned',
    why: 'Nothing may be restored from them.', todo: 'See each one\'s reason, then delete it.', place: ['snapshots'] },
  { catalog: 'placements', where: 'state=failing', level: 'warning', what: 'instances failing',
    why: 'They end by themselves or do not start.', todo: 'See why on the application\'s page, and in its log.' },
  { catalog: 'rollouts', where: 'state=failed', level: 'warning', what: 'rollouts failed',
    why: 'Their instances may run a version that was found bad.', todo: 'Undo them: holdfast rollout.' },
  { catalog: 'operations', where: 'state=failed', level: 'notice', what: 'operations failed',
    why: 'Long work ended without its result.', todo: 'See why, and start it again.', place: ['operations'] },
];

const samples = [];
const traffic = new Traffic();

export function overview({ signal }) {
  const risks = h('div', { 'aria-live': 'polite' }, waiting('Asking the nodes…'));
  const figures = h('div', { class: 'figures' });
  const ledger = h('div');
  let counts = [];
  let records = [];
  let storage = null;
  let status = null;

  async function refresh() {
    try {
      const [nodes, ...hits] = await Promise.all([
        read('/v1/nodes', { limit: NODES_MAX }, { signal }), ...QUERIES.map((query) => hitsOf(query, signal))]);
      records = nodes.items;
      counts = hits.filter(Boolean);
      draw();
    } catch (error) {
      fail(error);
    }
  }

  async function poll() {
    try {
      [status, storage] = await Promise.all([get('/v1/status', { signal }), get('/v1/storage', { signal })]);
      learn(status);
      sample(status);
      draw();
    } catch (error) {
      fail(error);
    }
  }

  function fail(error) {
    onlyOfCalls(error);
    if (!signal.aborted && status === null) {
      replace(risks, problem(error));
    }
  }

  function draw() {
    if (status !== null) {
      patch(risks, riskList(findings(status, records, storage, counts, Date.now())));
      patch(figures, figuresOf(status, storage));
      patch(ledger, ledgerOf(status));
    }
  }

  poll();
  every(STATUS_MILLIS, poll, signal);
  return {
    title: 'Overview',
    element: h('div', {}, h('h1', {}, 'Overview'), panel('At risk now', risks), figures, ledger),
    catalogs: ['nodes', 'operations', 'snapshots', 'rollouts', 'placements'],
    refresh,
  };
}

async function hitsOf(query, signal) {
  const page = await read(`/v1/catalogs/${query.catalog}`, { limit: EXAMPLES_MAX, where: query.where }, { signal });
  if (page.items.length === 0) {
    return null;
  }
  const amount = page.next ? `${EXAMPLES_MAX} or more` : String(page.items.length);
  return {
    level: query.level,
    title: `${amount} ${query.what}`,
    why: `${query.why} For example ${page.items.slice(0, 2).map((item) => item.key).join(', ')}.`,
    todo: query.todo,
    link: query.place ?? ['catalogs', query.catalog],
    query: { where: query.where },
  };
}

function sample(status) {
  const index = newestApplied(status);
  const at = Date.now();
  const last = samples.at(-1);
  if (!last || at - last.at > STATUS_MILLIS / 2) {
    const perSecond = last && at > last.at && index >= last.index ? (index - last.index) * 1000 / (at - last.at) : 0;
    samples.push({ at, index, rate: perSecond, traffic: traffic.of(status), lag: Math.max(0, ...status.nodes.map((node) => lagOf(node, status) ?? 0)) });
    samples.splice(0, Math.max(0, samples.length - SAMPLES_MAX));
  }
}

function riskList(found) {
  if (found.length === 0) {
    return h('p', { class: 'calm' }, badge('good', 'good'), ' Nothing. Every node answers, the ledger has a leader, '
      + 'the grid has its backups, every chunk its parity, every disk room.');
  }
  return h('ul', { class: 'risks' }, found.map((one) => h('li', { class: `risk ${one.level}` },
    h('div', { class: 'risk-head' }, badge(one.level, { critical: 'bad', warning: 'attention' }[one.level] ?? 'plain'),
      h('a', { href: link(one.link, one.query) }, one.title)),
    h('p', {}, one.why),
    h('p', { class: 'todo' }, h('strong', {}, 'To do: '), one.todo))));
}

function useful(storage) {
  const { space, isSpaceComplete } = storage;
  const share = space.storedBytes > 0 ? ` ${(100 * space.usefulBytes / space.storedBytes).toFixed(0)} % of` : '';
  return figure('Useful', bytes(space.usefulBytes),
    h('meter', { min: 0, max: Math.max(1, space.storedBytes), value: space.usefulBytes,
      'aria-label': 'Useful part of what complete chunks take on disks' }),
    h('div', { class: 'faint' }, `${share} ${bytes(space.storedBytes)} with parity`
      + `${isSpaceComplete ? '' : ', and more that was not counted'}`));
}

function capacity(storage) {
  const disks = storage.nodes.flatMap((node) => node.disks);
  const used = disks.reduce((sum, disk) => sum + disk.usedBytes, 0);
  const all = disks.reduce((sum, disk) => sum + disk.usedBytes + disk.freeBytes, 0);
  return figure('Disks', `${bytes(used)}`,
    h('meter', { min: 0, max: Math.max(1, all), value: used, 'aria-label': 'Used space of all disks' }),
    h('div', { class: 'faint' }, `of ${bytes(all)} on ${count(disks.length)} disks`));
}

/// Over all volumes of all nodes that answer; what a quiet cluster does not measure is left out.
function trafficFigures() {
  const last = samples.at(-1).traffic;
  return [['Volumes: reads', 'reads'], ['Volumes: writes', 'writes']].map(([label, name]) =>
    figure(label, `${rate(last?.[name])} /s`,
      sparkline(samples.map((one) => one.traffic?.[name] ?? 0), `${label} per second, lately`),
      h('div', { class: 'faint' }, last ? `${bytes(Math.round(last[`${name}Bytes`]))}/s; 99 % within ${
        last[`${name}P99`] === null ? '–' : roundTrip(last[`${name}P99`] * 1_000)}` : 'measuring…'),
      sparkline(samples.map((one) => one.traffic?.[`${name}P99`] ?? 0), `${label}, 99 % within, lately`)));
}

function figuresOf(status, storage) {
  const answering = status.nodes.filter((node) => node.answers).length;
  const expected = status.nodes.filter((node) => node.state !== 'evicted').length;
  const last = samples.at(-1);
  return [
    figure('Leader', status.leader ? h('a', { href: link(['nodes', status.leader]) }, status.leader) : 'none',
      h('div', { class: 'faint' }, `term ${count(status.term)}`)),
    figure('Nodes', `${answering} of ${expected}`, h('div', { class: 'faint' },
      `answer; ${voters(status).length} vote`)),
    figure('Ledger index', count(newestApplied(status)),
      sparkline(samples.map((one) => one.rate), `Entries per second, lately; now ${last.rate.toFixed(0)}`),
      h('div', { class: 'faint' }, `${last.rate.toFixed(last.rate < 10 ? 1 : 0)} entries/s`)),
    figure('Largest lag', count(last.lag), sparkline(samples.map((one) => one.lag), 'Largest lag, lately'),
      h('div', { class: 'faint' }, 'entries behind')),
    capacity(storage),
    useful(storage),
    ...trafficFigures(),
    figure('Grid', status.grid ? badge(status.grid.isSafe ? 'safe' : 'not safe', status.grid.isSafe ? 'good' : 'bad')
      : 'not started', status.grid && h('div', { class: 'faint' }, `${count(status.grid.memberCount)} members, `
      + `${count(status.grid.entryCount)} records`)),
  ];
}

function ledgerOf(status) {
  return panel('Ledger and grid',
    facts([
      ['Cluster', `${session.clusterName} (${session.clusterId})`],
      ['Answered by', h('a', { href: link(['nodes', status.answeredBy]) }, status.answeredBy)],
      ['Voters', voters(status).map((node) => node.name).join(', ') || 'not known'],
      ['Watermark', status.grid && `${count(status.grid.watermark)}: up to here everything is in the grid`],
      ['Partitions refilled', status.grid && count(status.grid.lostPartitions)],
    ]),
    h('div', { class: 'lanes' }, lanesOf(status)));
}

/// Those who vote, then those who are furthest behind.
function lanesOf(status) {
  const members = status.nodes.filter((node) => node.state !== 'evicted');
  const voting = new Set(voters(status));
  const behind = (node) => lagOf(node, status) ?? Infinity;
  const ordered = members.length <= LANES_MAX ? members : [...voting,
    ...members.filter((node) => !voting.has(node)).sort((left, right) => behind(right) - behind(left))];
  return [ordered.slice(0, LANES_MAX).map((node) => lane(node, status)),
    members.length > LANES_MAX && h('p', {}, h('a', { href: link(['nodes'], { sort: '-lag' }) },
      `All ${count(members.length)} nodes`))];
}

function lane(node, status) {
  const newest = newestApplied(status);
  const applied = node.report?.lastApplied ?? 0;
  return h('div', { class: 'lane' },
    h('a', { href: link(['nodes', node.name]) }, node.name),
    badge(node.answers ? roleOf(node) || 'answers' : 'silent'),
    h('meter', { min: 0, max: Math.max(1, newest), value: applied, 'aria-label': `${node.name}: applied entries` }),
    h('span', { class: 'number' }, node.answers ? `${count(applied)}` : '–'),
    h('span', { class: 'faint' }, node.answers ? `${count(lagOf(node, status))} behind` : 'does not answer'));
}
