/// What can be done with a volume and its snapshots.

import { segment } from '../api.js';
import { h } from '../dom.js';
import { bytes, count, exactSize, parseBytes, SIZE_PATTERN } from '../format.js';
import { mayActAs } from '../session.js';
import { actionButton } from './action.js';
import { badge, copyable, facts } from './marks.js';

const NAME = { label: 'Name', isRequired: true, pattern: '[a-z0-9][a-z0-9._\\-]{0,62}', lengthMax: 63,
  hint: 'Lower case letters, digits and . _ -' };
const PROFILE = { name: 'profile', label: 'Profile', isRequired: true, pattern: '[1-9][0-9]?\\+[0-9]', lengthMax: 4,
  hint: 'Data and parity strips on different hosts: 2+1 survives the loss of one, 1+2 are three copies.' };
const FORCE = { name: 'force', label: 'Clients that use it', kind: 'choice', options: ['refuse', 'part with them'] };
const CHECK_MILLIS = 600_000;

/** The button that makes a volume. */
export function createVolume(after) {
  return mayActAs('operator') && actionButton('New volume…', {
    title: 'New volume', button: 'Create', after,
    explain: 'It takes space as it is written.',
    fields: [{ ...NAME, name: 'name' },
      { name: 'size', label: 'Size', value: '10GiB', isRequired: true, pattern: SIZE_PATTERN, hint: 'Such as 10GiB.' },
      { ...PROFILE, value: '2+1' },
      { name: 'spread', label: 'No two strips of a row share a', kind: 'choice', options: ['node', 'disk'] },
      { name: 'degraded', label: 'While too few hosts are up', kind: 'choice', options: ['stop writing', 'go on writing'],
        hint: 'Whoever goes on writes with less parity; such chunks are at risk until they are repaired.' }],
    request: (values) => ({ method: 'POST', path: '/v1/volumes', body: {
      name: values.name, sizeBytes: parseBytes(values.size), profile: values.profile, spread: values.spread,
      degraded: values.degraded === 'go on writing' } }),
    command: (values) => ['volume', 'create', values.name || 'NAME', '--size', values.size.replace(' ', ''),
      '--profile', values.profile, '--spread', values.spread,
      ...(values.degraded === 'go on writing' ? ['--degraded'] : [])],
  });
}

/** The buttons for one volume, as its record is. */
export function volumeActions(record, after) {
  if (!mayActAs('operator')) {
    return [];
  }
  const path = `/v1/volumes/${segment(record.key)}`;
  return [snapshot(record, path, after), resize(record, path, after), profile(record, path, after),
    policy(record, path, after), check(record, path), attachment(record, path, after),
    protection(record.key, record, `${path}/protection`, after),
    !record.isProtected && remove(record, path, after)].filter(Boolean);
}

function snapshot(record, path, after) {
  return actionButton('Snapshot…', {
    title: `Snapshot of ${record.key}`, button: 'Take it', after,
    explain: 'Keeps everything that was acknowledged until now, at once and whatever the size.',
    fields: [{ ...NAME, name: 'name', value: stamp() }],
    request: (values) => ({ method: 'POST', path: `${path}/snapshots`, body: { name: values.name } }),
    command: (values) => ['volume', 'snapshot', record.key, values.name || 'NAME'],
  });
}

function stamp() {
  return new Date().toISOString().slice(0, 16).replace('T', '-').replace(':', '');
}

function resize(record, path, after) {
  return actionButton('Resize…', {
    title: `Resize ${record.key}`, button: 'Resize', after,
    explain: `It has ${bytes(record.sizeBytes)} now. Clients see the new size at once.`,
    fields: [{ name: 'size', label: 'New size', value: exactSize(record.sizeBytes), isRequired: true,
      pattern: SIZE_PATTERN },
    { name: 'shrink', label: 'If that is smaller', kind: 'choice', options: ['refuse', 'lose what lies beyond'] }],
    request: (values) => ({ method: 'POST', path: `${path}/resize`,
      body: { sizeBytes: parseBytes(values.size), shrink: values.shrink !== 'refuse' } }),
    command: (values) => ['volume', 'resize', record.key, values.size.replace(' ', ''),
      ...(values.shrink === 'refuse' ? [] : ['--shrink'])],
  });
}

function profile(record, path, after) {
  return actionButton('Profile…', {
    title: `Profile of ${record.key}`, button: 'Set', after,
    explain: 'For what is written from now on; what is there keeps its own.',
    fields: [{ ...PROFILE, value: profileOf(record) }],
    request: (values) => ({ method: 'PUT', path: `${path}/profile`, body: { profile: values.profile } }),
    command: (values) => ['volume', 'profile', record.key, values.profile],
  });
}

/** The text of a profile, however the record has it. */
export function profileOf(record) {
  const { profile: known } = record;
  return typeof known === 'object' ? `${known.dataCount}+${known.parityCount}` : String(known).split(' ')[0];
}

function policy(record, path, after) {
  const hours = Math.round((record.policy?.checkIntervalMillis ?? 0) / 3_600_000);
  return actionButton('Policy…', {
    title: `Policy of ${record.key}`, button: 'Set', after,
    fields: [{ name: 'degraded', label: 'While too few hosts are up', kind: 'choice',
      options: ['stop writing', 'go on writing'],
      value: record.policy?.isDegradedAllowed ? 'go on writing' : 'stop writing' },
    { name: 'hours', label: 'Hours between checks of its map', kind: 'number', value: hours, min: 0, max: 8_760,
      isRequired: true, hint: '0 for never.' }],
    request: (values) => ({ method: 'PUT', path: `${path}/policy`, ifMatch: record.version,
      body: { degraded: values.degraded === 'go on writing', checkIntervalSeconds: values.hours * 3_600 } }),
    command: (values) => ['volume', 'policy', record.key, ...(values.degraded === 'go on writing' ? ['--degraded'] : []),
      '--check-hours', values.hours],
  });
}

function check(record, path) {
  return actionButton('Check…', {
    title: `Check ${record.key}`, button: 'Check',
    explain: 'Compares maps and log with each other while I/O goes on; nothing is changed.',
    fields: [{ name: 'depth', label: 'How far', kind: 'choice', options: ['maps and log', 'every block as well'] }],
    request: (values) => ({ method: 'POST', patienceMillis: CHECK_MILLIS,
      path: values.depth === 'maps and log' ? `${path}/check` : `${path}/check?deep=true` }),
    command: (values) => ['volume', 'check', record.key, ...(values.depth === 'maps and log' ? [] : ['--deep'])],
    done: (report) => [h('h2', {}, `Check of ${record.key}`), facts([
      ['Result', report.isClean ? badge('clean', 'good') : badge(`${report.findings.length} findings`, 'bad')],
      ['Blocks checked', count(report.blocksChecked)], ['Chunks checked', count(report.chunksChecked)],
      ['By', report.node]]), report.findings.length > 0 && h('ol', { class: 'values' },
      report.findings.slice(0, 100).map((one) => h('li', {}, one)))],
  });
}

function attachment(record, path, after) {
  const attached = record.attachment;
  return attached
    ? actionButton('Detach…', {
      title: `Detach ${record.key}`, button: 'Detach', after,
      explain: `The device on ${attached.node} goes away once it is written out; while something uses it, it stays.`,
      request: () => ({ method: 'POST', path: `${path}/detach` }),
      command: () => ['volume', 'detach', record.key],
    })
    : actionButton('Attach…', {
      title: `Attach ${record.key}`, button: 'Attach', after,
      explain: 'It becomes a block device of the host whose node serves it.',
      request: () => ({ method: 'POST', path: `${path}/attach` }),
      command: () => ['volume', 'attach', record.key],
      done: (reply) => [h('h2', {}, 'Attached'), h('p', {}, `On ${reply.node}, as the device`),
        copyable(reply.device, 'the device'), h('p', {}, 'For example, on that host:'),
        copyable(`mount ${reply.device} /mnt`, 'the mount command')],
    });
}

function protection(name, record, path, after) {
  const { isProtected } = record;
  return actionButton(isProtected ? 'Unprotect…' : 'Protect…', {
    title: `${isProtected ? 'Unprotect' : 'Protect'} ${name}`, button: isProtected ? 'Unprotect' : 'Protect', after,
    explain: isProtected ? 'It can be deleted again.' : 'Deleting it is refused until the protection is taken away.',
    request: () => ({ method: 'PUT', path, ifMatch: record.version, body: { protected: !isProtected } }),
    command: () => ['volume', 'protect', name, ...(isProtected ? ['--off'] : [])],
  });
}

function remove(record, path, after) {
  return actionButton('Delete…', {
    title: `Delete ${record.key}`, button: 'Delete', confirm: record.key, fields: [FORCE],
    after: () => after({ isDeleted: true }),
    explain: `The volume with its ${count(record.snapshotCount)} snapshots is gone. Clones of them stay.`,
    request: (values) => ({ method: 'DELETE', path: forced(path, values), ifMatch: record.version }),
    command: (values) => ['volume', 'delete', record.key, ...forceWords(values)],
  }, { isDanger: true });
}

function forced(path, values) {
  return values.force === 'refuse' ? path : `${path}?force=true`;
}

function forceWords(values) {
  return values.force === 'refuse' ? [] : ['--force'];
}

/** The buttons for one snapshot of a volume. */
export function snapshotActions(volume, snapshotRecord, after) {
  if (!mayActAs('operator')) {
    return [];
  }
  const name = `${volume}@${snapshotRecord.name}`;
  const path = `/v1/volumes/${segment(volume)}/snapshots/${segment(snapshotRecord.name)}`;
  return [
    actionButton('Clone…', {
      title: `Clone ${name}`, button: 'Clone', after,
      explain: 'Makes a volume that begins as the snapshot and shares what neither has overwritten.',
      fields: [{ ...NAME, name: 'name', label: 'Name of the new volume' }],
      request: (values) => ({ method: 'POST', path: `${path}/clone`, body: { name: values.name } }),
      command: (values) => ['volume', 'clone', name, values.name || 'NAME'],
    }, { isQuiet: true }),
    actionButton('Roll back…', {
      title: `Roll back to ${name}`, button: 'Roll back', confirm: volume, fields: [FORCE], after,
      explain: 'The volume becomes what it was; what was written since is lost, unless a later snapshot has it.',
      request: (values) => ({ method: 'POST', path: forced(`${path}/rollback`, values) }),
      command: (values) => ['volume', 'rollback', name, ...forceWords(values)],
    }, { isDanger: true, isQuiet: true }),
    protectSnapshot(name, snapshotRecord, path, after),
    !snapshotRecord.isProtected && actionButton('Delete…', {
      title: `Delete ${name}`, button: 'Delete', confirm: snapshotRecord.name, after,
      explain: 'The snapshot is gone; clones of it stay.',
      request: () => ({ method: 'DELETE', path }),
      command: () => ['volume', 'delete', name],
    }, { isDanger: true, isQuiet: true }),
  ].filter(Boolean);
}

function protectSnapshot(name, record, path, after) {
  const { isProtected } = record;
  return actionButton(isProtected ? 'Unprotect…' : 'Protect…', {
    title: `${isProtected ? 'Unprotect' : 'Protect'} ${name}`, button: isProtected ? 'Unprotect' : 'Protect', after,
    explain: isProtected ? 'It can be deleted again.' : 'Deleting it is refused until the protection is taken away.',
    request: () => ({ method: 'PUT', path: `${path}/protection`, ifMatch: record.version,
      body: { protected: !isProtected } }),
    command: () => ['volume', 'protect', name, ...(isProtected ? ['--off'] : [])],
  }, { isQuiet: true });
}
