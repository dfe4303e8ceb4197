/// What is at risk now, why, and what to do; below it how far the ledger and the grid are.

import { get, onlyOfCalls } from '../api.js';
import { h, patch, patchIfNew, replace } from '../dom.js';
import { bytes, count, rate, roundTrip } from '../format.js';
import { chart } from '../part/chart.js';
import { badge, facts, figure, panel, problem, waiting } from '../part/marks.js';
import { every } from '../poll.js';
import { Traffic } from '../traffic.js';
import { findings, lagOf, newestApplied, roleOf, voters } from '../risk.js';
import { link } from '../route.js';
import { learn, session } from '../session.js';

const LOOK_MILLIS = 3_000;
const SAMPLES_MAX = 800;
const LANES_MAX = 12;

const samples = [];
let isRecalled = false;
const traffic = new Traffic();

export function overview({ signal, first }) {
  const risks = h('div', { 'aria-live': 'polite' }, waiting('Asking the nodes…'));
  const figures = h('div', { class: 'figures' });
  const charts = h('div', { class: 'charts' });
  const ledger = h('div');
  let known = null;

  async function refresh() {
    try {
      draw(await get('/v1/overview', { signal }));
    } catch (error) {
      onlyOfCalls(error);
      if (!signal.aborted && known === null) {
        replace(risks, problem(error));
      }
    }
  }

  function draw(overviewNow) {
    known = overviewNow;
    learn(known);
    sample(known);
    const found = findings(known, Date.now());
    patchIfNew(risks, [found, known.troubles.isComplete], () => riskList(found, known.troubles));
    patch(figures, figuresOf(known, known.storage));
    patch(charts, chartsOf());
    patch(ledger, ledgerOf(known));
  }

  if (first) {
    draw(first);
  }
  recall(signal).then(() => known && patch(charts, chartsOf()), onlyOfCalls);
  every(LOOK_MILLIS, refresh, signal);
  return {
    title: 'Overview',
    element: h('div', {}, h('h1', {}, 'Overview'), panel('At risk now', risks), figures,
      panel('Lately', charts), ledger),
    catalogs: ['nodes', 'operations', 'snapshots', 'rollouts', 'placements'],
    refresh,
    isDrawn: Boolean(first),
  };
}

/// What the nodes remember comes before what this page saw itself.
async function recall(signal) {
  if (isRecalled) {
    return;
  }
  const { items } = await get('/v1/trends', { signal });
  isRecalled = true;
  const begun = samples[0]?.at ?? Infinity;
  const before = items.filter((one) => one.atMillis < begun);
  samples.unshift(...before.map((one, place) => ({ at: one.atMillis, index: one.applied,
    rate: place > 0 ? Math.max(0, one.applied - before[place - 1].applied) * 1_000
      / (one.atMillis - before[place - 1].atMillis) : null,
    traffic: { reads: one.reads, writes: one.writes, readsBytes: one.readBytes, writesBytes: one.writtenBytes,
      readsP99: one.readsP99Micros || null, writesP99: one.writesP99Micros || null } })));
}

function sample(status) {
  const index = newestApplied(status);
  const at = Date.now();
  const last = samples.at(-1);
  if (!last || at - last.at > LOOK_MILLIS / 2) {
    const perSecond = last && at > last.at && index >= last.index ? (index - last.index) * 1000 / (at - last.at) : null;
    samples.push({ at, index, rate: perSecond, traffic: traffic.of(status),
      lag: Math.max(0, ...status.nodes.map((node) => lagOf(node, status) ?? 0)) });
    samples.splice(0, Math.max(0, samples.length - SAMPLES_MAX));
  }
}

function riskList(found, troubles) {
  return [found.length === 0 ? h('p', { class: 'calm' }, badge('good', 'good'), ' Nothing. Every node answers, the '
    + 'ledger has a leader, the grid has its backups, every chunk its parity, every disk room.') : risksOf(found),
  !troubles.isComplete && h('p', { class: 'faint' }, 'The catalogs are still being looked through for snapshots that '
    + 'are condemned and work that failed.')];
}

function risksOf(found) {
  return h('ul', { class: 'risks' }, found.map((one) => h('li', { class: `risk of-${one.level}` },
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

/// Over all volumes of all nodes that answer.
function chartsOf() {
  const times = samples.map((one) => one.at / 1_000);
  const of = (name) => samples.map((one) => one.traffic?.[name] ?? null);
  const micros = (value) => roundTrip(value * 1_000);
  const perSecond = (value) => `${rate(value)} /s`;
  const bytesPerSecond = (value) => `${bytes(Math.round(value))}/s`;
  const pair = (format) => [{ label: 'Reads', format }, { label: 'Writes', format }];
  return [
    framed('Volumes: throughput', pair(bytesPerSecond), [times, of('readsBytes'), of('writesBytes')], 4_096, true),
    framed('Volumes: operations', pair(perSecond), [times, of('reads'), of('writes')], 4),
    framed('Volumes: 99 % within', pair(micros), [times, of('readsP99'), of('writesP99')], 100),
    framed('Ledger: entries', [{ label: 'Entries', format: perSecond }], [times, samples.map((one) => one.rate)], 4)];
}

function framed(label, series, data, least, isBinary = false) {
  return h('figure', { class: 'chart' }, h('figcaption', {}, label), chart({ label, series, least, isBinary }, data));
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
      h('div', { class: 'faint' }, last.rate === null ? 'measuring…'
        : `${last.rate.toFixed(last.rate < 10 ? 1 : 0)} entries/s`)),
    figure('Largest lag', count(last.lag), h('div', { class: 'faint' }, 'entries behind')),
    capacity(storage),
    useful(storage),
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
