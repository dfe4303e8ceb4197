/// What can be done with an application.

import { change, freshKey, read, segment } from '../api.js';
import { h } from '../dom.js';
import { bytes, count } from '../format.js';
import { mayActAs, nodeNames } from '../session.js';
import { actionButton } from './action.js';
import { changeApplication } from './appform.js';
import { applicationPath, plain } from './appnames.js';
import { facts } from './marks.js';

const POLL_MILLIS = 400;
const STOP_MILLIS = 60_000;
const SNAPSHOTS_MAX = 1_000;

/** The buttons for one application, as its record is. */
export function applicationActions(record, after) {
  if (!mayActAs('operator')) {
    return [];
  }
  const path = applicationPath(record.key);
  const name = plain(record.key);
  const isDefined = Boolean(record.spec);
  return [
    record.placedCount > 0 && save(name, path, after),
    record.placedCount > 0 && sleep(name, path, after),
    isDefined && !record.isStopped && scale(record, name, path, after),
    isDefined && !record.isStopped && wake(name, path, after),
    isDefined && !record.isStopped && restart(record, name, path, after),
    isDefined && changeApplication(record, after),
    isDefined && (record.isStopped ? start(record, name, path, after) : stop(record, name, path, after)),
    remove(record, name, path, after),
  ].filter(Boolean);
}

function start(record, name, path, after) {
  return actionButton('Start…', {
    title: `Start ${name}`, button: 'Start', after,
    explain: 'It may have instances again: the next request starts one, or what it is to have at least.',
    request: () => ({ method: 'POST', path: `${path}/start`, ifMatch: record.version }),
    command: () => ['app', 'start', name],
  });
}

function stop(record, name, path, after) {
  return actionButton('Stop…', {
    title: `Stop ${name}`, button: 'Stop', confirm: name, after,
    explain: 'Its instances end, and it has none until it is started again. Their memory is lost unless a '
      + 'snapshot has it; to keep it, let it sleep.',
    request: () => ({ method: 'POST', path: `${path}/stop`, ifMatch: record.version }),
    command: () => ['app', 'stop', name],
  }, { isDanger: true });
}

function scale(record, name, path, after) {
  const { countMin, countMax } = record.spec.scaling;
  return actionButton('Scale…', {
    title: `Scale ${name}`, button: 'Scale', after,
    explain: 'What runs goes on, but for what is beyond the greatest number.',
    fields: [{ name: 'min', label: 'Instances that run without being asked for', kind: 'number', value: countMin, min: 0,
      max: 1_000, isRequired: true },
    { name: 'max', label: 'Instances at most', kind: 'number', value: countMax, min: 1, max: 1_000, isRequired: true }],
    request: (values) => ({ method: 'PUT', path: `${path}/scaling`, ifMatch: record.version,
      body: { min: values.min, max: values.max } }),
    command: (values) => ['app', 'scale', name, '--min', values.min, '--max', values.max],
  });
}

function wake(name, path, after) {
  return actionButton('Start at…', {
    title: `Start an instance of ${name}`, button: 'Start', after,
    explain: 'As if a request came in at that node: from the newest snapshot that fits it, if there is one.',
    fields: [{ name: 'node', label: 'Node', kind: 'choice', options: nodeNames() }],
    request: (values) => ({ method: 'POST', path: `${path}/instances`, isIdempotent: false,
      body: { node: values.node } }),
    command: (values) => ['app', 'wake', name, '--node', values.node],
  });
}

function restart(record, name, path, after) {
  return actionButton('Restart…', {
    title: `Restart ${name}`, button: 'Restart', confirm: name, after,
    explain: 'Its instances end, then it may have instances again. Their memory is lost unless a snapshot has it.',
    request: () => ({ method: 'POST', path: `${path}/stop`, ifMatch: record.version }),
    async run(values, request, key) {
      await change(request, key);
      await noInstance(path);
      return change({ method: 'POST', path: `${path}/start` }, freshKey());
    },
    remark: `Then, once it has no instance: holdfast app start ${name}, or POST ${path}/start.`,
    command: () => ['app', 'stop', name],
  }, { isDanger: true });
}

function save(name, path, after) {
  return actionButton('Snapshot…', {
    title: `Snapshot of ${name}`, button: 'Save it', after,
    explain: 'Saves an instance with its memory; it goes on.',
    fields: [{ name: 'name', label: 'Name', pattern: '[a-z0-9][a-z0-9._\\-]{0,62}', lengthMax: 63,
      hint: 'Chosen if left empty.' }],
    request: (values) => ({ method: 'POST', path: `${path}/snapshots`, isIdempotent: false, patienceMillis: STOP_MILLIS,
      body: values.name ? { name: values.name } : {} }),
    command: (values) => ['snapshot', 'create', name, ...(values.name ? ['--name', values.name] : [])],
    done: (reply) => [h('h2', {}, 'Saved'), facts([['Snapshot', reply.snapshot], ['Size', bytes(reply.sizeBytes)]])],
  });
}

function sleep(name, path, after) {
  return actionButton('Sleep…', {
    title: `Let ${name} sleep`, button: 'Sleep', after,
    explain: 'Freezes it: an instance is saved with its memory and ended; the next request wakes it, here or elsewhere.',
    request: () => ({ method: 'POST', path: `${path}/snapshots`, isIdempotent: false, patienceMillis: STOP_MILLIS,
      body: { then: 'end' } }),
    command: () => ['app', 'sleep', name],
  });
}

function remove(record, name, path, after) {
  return actionButton('Delete…', {
    title: `Delete ${name}`, button: 'Delete', confirm: name, after: () => after({ isDeleted: true }),
    explain: `It is stopped and forgotten, and ${count(record.snapshotCount)} snapshots with it; protected ones stay.`,
    request: () => ({ method: 'DELETE', path }),
    async run(values, request, key) {
      if (record.spec) {
        await change({ method: 'POST', path: `${path}/stop` }, freshKey());
        await noInstance(path);
        await change(request, key);
      }
      await removeSnapshots(record.key);
      return {};
    },
    remark: 'curl needs more calls: /stop before it, and a DELETE of each snapshot after it.',
    command: () => ['app', 'delete', name],
  }, { isDanger: true });
}

/// The youngest first: one that others descend from goes after them.
async function removeSnapshots(key) {
  const page = await read('/v1/snapshots', { prefix: `${key}/`, limit: SNAPSHOTS_MAX });
  const doomed = page.items.filter((one) => !one.isProtected)
    .sort((left, right) => right.createdMillis - left.createdMillis);
  for (const one of doomed) {
    await change({ method: 'DELETE', path: `/v1/snapshots/${segment(one.key)}` }, freshKey());
  }
}

/** Waits until the application has no instance. */
export async function noInstance(path) {
  const end = Date.now() + STOP_MILLIS;
  while ((await read(`${path}/instances`, { limit: 1 })).items.length > 0) {
    if (Date.now() > end) {
      throw new Error('its instances have not ended within a minute; it stays stopped');
    }
    await new Promise((wake) => { setTimeout(wake, POLL_MILLIS); });
  }
}
