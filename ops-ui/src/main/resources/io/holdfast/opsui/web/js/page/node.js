/// One node: its host, its disks, what it carries, its state machines and links.

import { get, onlyOfCalls, queryText, read, segment } from '../api.js';
import { h, patch, patchIfNew, replace } from '../dom.js';
import { count, roundTrip } from '../format.js';
import { badge, facts, panel, problem, waiting, when } from '../part/marks.js';
import { nodeActions } from '../part/nodeactions.js';
import { instanceLinks, loadOf, volumeLinks } from '../part/nodeload.js';
import { recordView } from '../part/record.js';
import { plainTable } from '../part/table.js';
import { every } from '../poll.js';
import { lagOf, lifeOf, roleOf } from '../risk.js';
import { link } from '../route.js';
import { diskLine } from './nodes.js';

const STATUS_MILLIS = 3_000;
const LOAD_MILLIS = 10_000;

export function node({ route, signal }) {
  const name = route.segments[1];
  const actions = h('div', { class: 'buttons' });
  const outcome = h('div', {}, waiting('Asking the node…'));
  const parts = Object.fromEntries(['now', 'disks', 'load', 'host', 'services', 'machines', 'ledgers', 'grid', 'links', 'record']
    .map((part) => [part, h('div')]));
  let record = null;
  let status = null;

  async function readRecord() {
    try {
      record = await read(`/v1/nodes/${segment(name)}`, {}, { signal });
      replace(actions, nodeActions(record, refresh));
      patch(parts.record, recordView(record));
      draw();
    } catch (error) {
      fail(error);
    }
  }

  async function readStatus() {
    try {
      status = await get(`/v1/status?${queryText({ node: name })}`, { signal });
      draw();
    } catch (error) {
      fail(error);
    }
  }

  async function readLoad() {
    try {
      const load = await loadOf(name, signal);
      patch(parts.disks, disksOf(name, load.disks));
      patch(parts.load, facts([['Volumes that it serves', volumeLinks(load.volumes)],
        ['Instances of applications', instanceLinks(load.instances)]]));
    } catch (error) {
      if (!signal.aborted) {
        patch(parts.disks, problem(error));
      }
    }
  }

  async function readHost() {
    try {
      patch(parts.host, hostOf(await get(`/v1/nodes/${segment(name)}/host`, { signal })));
    } catch (error) {
      if (!signal.aborted) {
        patch(parts.host, problem(error));
      }
    }
  }

  function fail(error) {
    onlyOfCalls(error);
    if (!signal.aborted && (record === null || status === null)) {
      replace(outcome, problem(error));
    }
  }

  function draw() {
    if (record === null || status === null) {
      return;
    }
    const known = status.nodes.find((one) => one.name === name) ?? { name, answers: false };
    const { report } = known;
    replace(outcome);
    patch(parts.now, nowFacts(record, known, status));
    patch(parts.machines, machines(report));
    patch(parts.ledgers, silentOr(report, () => (report.ledgers ?? []).map(ledger)));
    patch(parts.grid, grid(report));
    patchIfNew(parts.services, known.addresses, () => services(known.addresses));
    patchIfNew(parts.links, report?.links.map((one) => [one.peer, one.state, one.outstandingCount,
      roundTrip(one.roundTripNanos)]), () => links(report));
  }

  function refresh() {
    return Promise.all([readRecord(), readStatus(), readLoad(), readHost()]);
  }

  every(STATUS_MILLIS, readStatus, signal);
  every(LOAD_MILLIS, readLoad, signal);
  return {
    title: name,
    element: h('div', {}, h('p', { class: 'crumbs' }, h('a', { href: link(['nodes']) }, 'Nodes'), ' / ', name),
      h('div', { class: 'title-line' }, h('h1', {}, name), actions), outcome,
      panel('Now', parts.now), panel('Disks', parts.disks), panel('What it carries', parts.load),
      panel('What its host can do', parts.host), panel('Services', parts.services), panel('Links to other nodes', parts.links),
      panel('State machines', parts.machines), panel('Ledgers', parts.ledgers),
      panel('Grid, as this node sees it', parts.grid), panel('Its record', parts.record)),
    catalogs: ['nodes'],
    refresh,
  };
}

function nowFacts(record, known, status) {
  const { report } = known;
  const reason = record.stateDetails?.reason;
  return facts([
    ['State', h('span', {}, badge(record.state), reason ? ` ${reason}` : '')],
    ['Life', badge(known.answers ? lifeOf(known).toLowerCase() : 'silent')],
    ['Ledger role', roleOf(known) || '–'],
    ['Lag', report ? `${count(lagOf(known, status))} entries` : '–'],
    ['Version', report?.version],
    ['Process started', when(report?.startedAt)],
    ['Certificate expires', when(record.certificate?.notAfterMillis)],
    ['Zone', record.description?.zone],
  ]);
}

function disksOf(name, disks) {
  if (disks.length === 0) {
    return h('p', { class: 'faint' }, 'It did not tell of any disk.');
  }
  return plainTable(`Disks of ${name}`, ['Disk', 'State', 'Folder', 'Space', '#Fragments', '#Damages found', 'Says'],
    disks.map((disk) => [String(disk.disk), badge(disk.state), h('span', { class: 'key' }, disk.folder),
      diskLine(name, disk), count(disk.fragments), count(disk.damages), disk.reason]));
}

function hostOf(answer) {
  const order = ['missing', 'limited', 'ok'];
  const sorted = [...answer.items].sort((left, right) => order.indexOf(left.state) - order.indexOf(right.state));
  return plainTable('What the doctor found', ['Subject', 'State', 'Found', 'Needed by', 'Remedy'],
    sorted.map((one) => [one.subject, badge(one.state), one.found, one.neededBy, one.remedy || '–']));
}

function services(addresses = {}) {
  return plainTable('Services', ['Service', 'Address', 'Who speaks to it'], [
    ['API and this UI', addresses.api, 'people and programs, with a token or a certificate'],
    ['Links between nodes', addresses.peer, 'nodes alone'],
    ['Ledger', addresses.raft, 'nodes alone'],
    ['Grid', addresses.grid, 'nodes alone']]
    .map(([service, address, who]) => [service, h('span', { class: 'key' }, address ?? '–'), who]));
}

function machines(report) {
  return silentOr(report, () => plainTable('State machines', ['Machine', 'State', 'Since', 'Reason'],
    (report.machines ?? []).map((one) => [one.name, badge(one.state.toLowerCase()), when(one.since), one.reason])));
}

function silentOr(report, draw) {
  return report ? draw() : h('p', { class: 'faint' }, 'It does not answer.');
}

function grid(report) {
  return silentOr(report, () => (report.grid ? facts([
    ['Members', count(report.grid.memberCount)], ['Records here', count(report.grid.entryCount)],
    ['Watermark', count(report.grid.watermark)], ['Partitions refilled', count(report.grid.lostPartitions)],
    ['Safe', badge(report.grid.isSafe ? 'safe' : 'not safe', report.grid.isSafe ? 'good' : 'bad')]])
    : 'It is not in the grid yet.'));
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
  return silentOr(report, () => plainTable('Links',
    ['To', 'State', '#Round trip', '#Waiting', 'Since', 'Reason'],
    (report.links ?? []).map((one) => [h('a', { href: link(['nodes', one.peer]) }, one.peer), badge(one.state),
      roundTrip(one.roundTripNanos), count(one.outstandingCount), when(one.since), one.reason])));
}
