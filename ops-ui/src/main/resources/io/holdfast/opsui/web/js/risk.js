/// What is at risk now, why, and what to do: plain rules over what one call tells.

import { bytes } from './format.js';

const LAG_ENTRIES_MAX = 1_000;
const ROUND_TRIP_NANOS_MAX = 100_000_000;
const DAY_MILLIS = 86_400_000;
const CERTIFICATE_WARNING_MILLIS = 7 * DAY_MILLIS;
const CERTIFICATE_CRITICAL_MILLIS = 2 * DAY_MILLIS;
const VOTERS_SAFE_MIN = 3;
const DISK_FREE_SHARE_WARNING = 0.15;
const DISK_FREE_SHARE_CRITICAL = 0.05;
const STREAMS_SHOWN_MAX = 5;
const SILENT_SHOWN_MAX = 5;
const ZONES_SHOWN_MAX = 4;

/** From the gravest on. */
export const LEVELS = ['critical', 'warning', 'notice'];

/**
 * The findings, gravest first: `{level, title, why, todo, link}`; `link` is a place in this UI as segments.
 *
 * @param known the answer of /v1/overview
 * @param now milliseconds
 */
export function findings(known, now) {
  const found = [
    ...ofLeadership(known),
    ...ofSilence(known),
    ...known.nodes.filter((node) => node.answers).flatMap((node) => ofNode(node, known)),
    ...ofWays(known),
    ...ofGrid(known),
    ...ofStorage(known.storage),
    ...known.nodes.flatMap((node) => ofCertificate(node, now)),
    ...known.troubles.items.map(ofTrouble),
  ];
  return found.sort((left, right) => LEVELS.indexOf(left.level) - LEVELS.indexOf(right.level));
}

/** The nodes that are known to vote. */
export function voters(status) {
  return status.nodes.filter((node) => ['leader', 'voter', 'candidate'].includes(roleOf(node)));
}

/** A node's part in the ledger; empty if it does not answer. */
export function roleOf(node) {
  return node.report?.ledgers?.[0]?.leadership?.role ?? '';
}

/** The newest index that any answering node has applied. */
export function newestApplied(status) {
  return Math.max(0, ...status.nodes.map((node) => node.report?.lastApplied ?? 0));
}

/** Entries that a node is behind the newest. */
export function lagOf(node, status) {
  return node.report ? Math.max(node.report.lagEntries, newestApplied(status) - node.report.lastApplied) : null;
}

/** The state of a node's own life, such as `ready`. */
export function lifeOf(node) {
  return machine(node, 'node-life')?.state ?? '';
}

function machine(node, name) {
  return node.report?.machines?.find((one) => one.name === name);
}

function ofLeadership(status) {
  const found = [];
  if (!status.leader) {
    found.push({
      level: 'critical',
      title: 'The ledger has no leader',
      why: 'Reads are answered, changes wait. A leader needs a majority of the voters up and in touch.',
      todo: 'Start the nodes that do not answer and look at the links between those that do.',
      link: ['nodes'],
    });
  }
  if (status.stale) {
    found.push({
      level: 'warning',
      title: `${status.answeredBy} cannot tell whether it is up to date`,
      why: 'It has not heard from the leader lately; what is shown may be old.',
      todo: 'Look at its links, or open this page at another node.',
      link: ['nodes', status.answeredBy],
    });
  }
  const known = voters(status).length;
  if (known > 0 && known < VOTERS_SAFE_MIN && status.nodes.every((node) => node.answers)) {
    found.push({
      level: 'notice',
      title: `The ledger has ${known === 1 ? 'one voter' : `${known} voters`}`,
      why: 'If any of them fails, no change is possible until it is back.',
      todo: 'Let nodes join until three or five vote.',
      link: ['access'],
    });
  }
  return found;
}

function ofNode(node, status) {
  if (node.state === 'evicted') {
    return [];
  }
  const link = ['nodes', node.name];
  return [
    ...ofParticipation(node, link),
    ...ofMachines(node, link),
    ...ofProgress(node, status, link),
  ];
}

/// One finding per node, or per zone where whole racks are gone: nobody reads a hundred.
function ofSilence(status) {
  const expected = status.nodes.filter((node) => node.state !== 'evicted');
  const silentOnes = expected.filter((node) => !node.answers);
  if (silentOnes.length <= SILENT_SHOWN_MAX) {
    return silentOnes.map(silent);
  }
  const all = Map.groupBy(expected, (node) => node.zone);
  const byZone = Map.groupBy(silentOnes.filter((node) => node.state !== 'maintenance'), (node) => node.zone);
  const zones = [...byZone.keys()].sort((left, right) => left.localeCompare(right, 'en', { numeric: true }));
  if (zones.length > ZONES_SHOWN_MAX) {
    return [{ level: 'critical', title: `${silentOnes.length.toLocaleString('en')} of ${
      expected.length.toLocaleString('en')} hosts do not answer, in ${zones.length} zones`,
    why: `Among them zones ${zones.slice(0, ZONES_SHOWN_MAX).join(', ')}. Many at once tend to share a cause: power, a `
      + 'switch, a release.', todo: 'Look at what they share; what is gone for good is evicted, so that nobody waits '
      + 'for it.', link: ['nodes'], query: { find: 'silent' } }];
  }
  const away = silentOnes.filter((node) => node.state === 'maintenance').length;
  return [...byZone].sort(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }))
    .map(([zone, nodes]) => ({
      level: 'critical',
      title: `Zone ${zone}: ${nodes.length.toLocaleString('en')} of ${all.get(zone).length.toLocaleString('en')
      } hosts do not answer`,
      why: `For example ${nodes.slice(0, 3).map((node) => node.name).join(', ')}. Many at once tend to share a cause: `
        + 'power, a switch, a release.',
      todo: 'Look at what they share; what is gone for good is evicted, so that nobody waits for it.',
      link: ['nodes'], query: { find: zone } }))
    .concat(away === 0 ? [] : [{ level: 'notice', title: `${away.toLocaleString('en')} hosts in maintenance do not answer`,
      why: 'Nobody waits for them.', todo: 'Resume them when the work is done.', link: ['nodes'],
      query: { find: 'maintenance' } }]);
}

function silent(node) {
  const link = ['nodes', node.name];
  const isExpected = node.state === 'maintenance';
  return {
    level: isExpected ? 'notice' : 'critical',
    title: `${node.name} does not answer`,
    why: isExpected
      ? 'It is in maintenance, so nobody waits for it.'
      : 'The process is down, or nobody reaches it. Each further loss brings the ledger closer to a stop.',
    todo: isExpected
      ? 'Resume it when the work is done.'
      : 'Look at its host and log. If it is gone for good, evict it and let another join.',
    link,
  };
}

function ofParticipation(node, link) {
  const what = { draining: 'is draining', maintenance: 'is in maintenance' }[node.state];
  return what
    ? [{ level: 'notice', title: `${node.name} ${what}`, why: 'It gets nothing new.',
      todo: 'Resume it when the work is done.', link }]
    : [];
}

function ofMachines(node, link) {
  return (node.report.machines ?? []).flatMap((one) => {
    const state = one.state.toLowerCase();
    if (state === 'failed') {
      return [{ level: 'critical', title: `${node.name}: ${one.name} failed`, why: one.reason,
        todo: 'Its log says more; restart the node once the cause is gone.', link }];
    }
    if (one.name === 'node-life' && state !== 'ready') {
      return [{ level: 'warning', title: `${node.name} is not ready: ${one.state}`, why: one.reason,
        todo: 'It serves again once it has caught up; if it stays so, look at its log.', link }];
    }
    return [];
  });
}

function ofProgress(node, status, link) {
  const lag = lagOf(node, status);
  const grid = node.report.grid;
  const found = [];
  if (lag > LAG_ENTRIES_MAX) {
    found.push({ level: 'warning', title: `${node.name} lags ${lag.toLocaleString('en')} entries behind`,
      why: 'It answers with older records, and the cluster leans on fewer nodes.',
      todo: 'Look at its disk and its links.', link });
  }
  if (grid && !grid.isSafe) {
    found.push({ level: 'warning', title: `${node.name}: the grid is not safe`,
      why: 'Some partitions have no backup at the moment; they would be refilled from the ledger.',
      todo: 'Wait for the refill; if it stays so, look at nodes that left the grid.', link });
  }
  return found;
}

function ofWays({ ways }) {
  const broken = ways.broken.filter((one) => one.state === 'backing-off').map((one) => ({
    level: 'warning', title: `${one.from} does not reach ${one.to}`, why: one.reason,
    todo: 'Both answer this node, so look at the network between these two.', link: ['nodes', one.from] }));
  const left = ways.brokenCount - ways.broken.length;
  const slow = ways.slowest.filter((one) => one.roundTripNanos > ROUND_TRIP_NANOS_MAX).map((one) => ({
    level: 'notice', title: `The way from ${one.from} to ${one.to} is slow`,
    why: `A round trip takes ${Math.round(one.roundTripNanos / 1e6)} ms.`,
    todo: 'Look at the load of both hosts and the network between them.', link: ['nodes', one.from] }));
  return [...broken, ...(left > 0 ? [{ level: 'warning', title: `${left.toLocaleString('en')} more ways are down`,
    why: 'Both ends of each answer this node.', todo: 'Look at the network between the zones.', link: ['nodes'] }] : []),
  ...slow];
}

/** What is said of records that tell of trouble, by their catalog. */
const TROUBLES = {
  snapshots: { level: 'warning', what: 'snapshots condemned', one: 'snapshot condemned',
    why: 'Nothing may be restored from them.', todo: 'See each one\'s reason, then delete it.', place: ['snapshots'] },
  placements: { level: 'warning', what: 'instances failing', one: 'instance failing',
    why: 'They end by themselves or do not start.', todo: 'See why on the application\'s page, and in its log.' },
  rollouts: { level: 'warning', what: 'rollouts failed', one: 'rollout failed',
    why: 'Their instances may run a version that was found bad.', todo: 'Undo them, or delete them once they are.' },
  operations: { level: 'notice', what: 'operations failed', one: 'operation failed',
    why: 'Long work ended without its result.', todo: 'See why, and start it again.', place: ['operations'] },
};

function ofTrouble(trouble) {
  const { level, what, one, why, todo, place } = TROUBLES[trouble.catalog];
  return { level, title: `${trouble.count.toLocaleString('en')} ${trouble.count === 1 ? one : what}`,
    why: `${why} For example ${trouble.examples.slice(0, 2).join(', ')}.`, todo,
    link: place ?? ['catalogs', trouble.catalog], query: { where: `state=${trouble.state}` } };
}

function ofGrid(status) {
  const grid = status.grid;
  if (!grid) {
    return [];
  }
  const answering = status.nodes.filter((node) => node.report?.grid).length;
  const found = [];
  if (grid.memberCount < answering) {
    found.push({ level: 'warning', title: 'The grid is split',
      why: `${status.answeredBy} sees ${grid.memberCount} members, ${answering} nodes take part.`,
      todo: 'Look at the links between the nodes.', link: ['nodes'] });
  }
  const behind = newestApplied(status) - grid.watermark;
  if (behind > LAG_ENTRIES_MAX) {
    found.push({ level: 'warning', title: 'The grid falls behind the ledger',
      why: `${behind.toLocaleString('en')} entries are applied and not yet published.`,
      todo: 'Look at the leader\'s load and its grid publisher.', link: ['nodes', status.leader ?? ''] });
  }
  return found;
}

function ofStorage(storage) {
  return [...ofChunks(storage.atRisk), ...storage.nodes.flatMap((node) =>
    node.disks.flatMap((disk) => ofDisk(node.node, disk)))];
}

/// One finding per volume, so that each is a step from where it is seen to.
function ofChunks(atRisk) {
  const shown = atRisk.streams.slice(0, STREAMS_SHOWN_MAX).map((stream) => {
    const chunks = stream.chunks === 1 ? '1 chunk' : `${stream.chunks.toLocaleString('en')} chunks`;
    const [volume] = stream.volumes;
    return {
      level: 'critical',
      title: volume ? `Volume ${stream.volumes.join(', ')}: ${chunks} at risk` : `${stream.name}: ${chunks} at risk`,
      why: 'They have less parity than asked for: fewer further losses than promised, and data is gone.',
      todo: 'Bring back the nodes and disks that hold their fragments, or add some; what is lost is then rebuilt.',
      link: volume ? ['volumes', volume] : ['catalogs', 'streams', stream.stream],
    };
  });
  const left = atRisk.streams.length - shown.length;
  return left <= 0 ? shown : [...shown, {
    level: 'critical', title: `${left.toLocaleString('en')} more volumes have chunks at risk`,
    why: `${atRisk.isComplete ? '' : 'At least '}${atRisk.chunks.toLocaleString('en')} chunks in all.`,
    todo: 'See them in the catalog of chunks.', link: ['catalogs', 'chunks'], query: { where: 'state=at-risk' } }];
}

function ofDisk(node, disk) {
  const link = ['nodes', node];
  const what = `Disk ${disk.disk} of ${node}`;
  if (disk.state !== 'serving' && disk.state !== 'full') {
    return [{ level: 'critical', title: `${what} is ${disk.state}`, why: `${disk.folder}: ${disk.reason}`,
      todo: 'Mount or replace it; what it held is rebuilt from parity on other disks.', link }];
  }
  const all = disk.usedBytes + disk.freeBytes;
  const free = all > 0 ? disk.freeBytes / all : 1;
  const found = [];
  if (disk.state === 'full' || free < DISK_FREE_SHARE_WARNING) {
    found.push({ level: disk.state === 'full' || free < DISK_FREE_SHARE_CRITICAL ? 'critical' : 'warning',
      title: disk.state === 'full' ? `${what} is full` : `${what} is filling: ${(free * 100).toFixed(0)} % free`,
      why: `${bytes(disk.freeBytes)} of ${bytes(all)} can still be given. Writing stops where no disk has room.`,
      todo: 'Add a disk or a node, or delete snapshots and volumes that nobody needs.', link });
  }
  if (disk.damages > 0) {
    found.push({ level: 'warning', title: `${what} had ${disk.damages} damages when it was opened`,
      why: 'What was damaged is rebuilt from parity; a disk that damages data tends to go on.',
      todo: 'Look at its health (smartctl) and at the node\'s log.', link });
  }
  return found;
}

function ofCertificate(node, now) {
  const expires = node.certificateNotAfterMillis;
  if (node.state === 'evicted' || !expires || expires - now > CERTIFICATE_WARNING_MILLIS) {
    return [];
  }
  const left = expires - now;
  const days = Math.floor(left / DAY_MILLIS);
  return [{
    level: left < CERTIFICATE_CRITICAL_MILLIS ? 'critical' : 'warning',
    title: left < 0
      ? `The certificate of ${node.name} has expired`
      : `The certificate of ${node.name} expires in ${days === 1 ? '1 day' : `${days} days`}`,
    why: 'Nodes renew theirs by themselves; without a good one the others refuse it.',
    todo: 'Look in its log why the renewal fails; it needs a leader.',
    link: ['nodes', node.name],
  }];
}
