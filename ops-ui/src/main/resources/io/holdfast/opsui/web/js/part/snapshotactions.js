/// What can be done with the saved state of an application.

import { change, freshKey, segment } from '../api.js';
import { mayActAs, nodeNames } from '../session.js';
import { actionButton } from './action.js';
import { noInstance } from './appactions.js';
import { applicationKey, applicationOf, applicationPath, lastOf, plain } from './appnames.js';

const HERE = 'where it runs, or at the next request';

/** The buttons for a snapshot, as its record is. */
export function appSnapshotActions(record, after, { isQuiet = true } = {}) {
  if (!mayActAs('operator')) {
    return [];
  }
  const name = plain(record.key);
  const path = `/v1/snapshots/${segment(record.key)}`;
  const isReady = record.state === 'ready';
  return [
    isReady && restore(record, name, path, after, isQuiet),
    isReady && clone(record, name, path, after, isQuiet),
    record.state !== 'condemned' && protect(record, name, path, after, isQuiet),
    isReady && !record.isProtected && condemn(record, name, path, after, isQuiet),
    !record.isProtected && record.state !== 'making' && remove(record, name, path, after, isQuiet),
  ].filter(Boolean);
}

function restore(record, name, path, after, isQuiet) {
  const application = plain(applicationOf(record.key));
  const volumes = (record.volumes ?? []).map((cut) => cut.slice(0, cut.indexOf('/')));
  const of = applicationPath(applicationOf(record.key));
  const rollBack = volumes.length ? '?rollBackVolumes=true' : '';
  const isThere = (values) => values.node !== HERE;
  return actionButton('Restore…', {
    title: `Restore ${name}`, button: 'Restore', confirm: application, after,
    fields: [{ name: 'node', label: 'Where', kind: 'choice', options: [HERE, ...nodeNames()],
      hint: 'At a node that is named, what runs elsewhere ends before.' }],
    explain: `${application} goes on from it, with the memory and the specification of then, on a node of the `
      + 'same class. What its instances have in memory now is lost unless a later snapshot has it'
      + (volumes.length ? `, and so is what was written since to ${volumes.join(', ')}.` : '.'),
    request: () => ({ method: 'POST', path: `${path}/restore${rollBack}` }),
    async run(values, request, key) {
      if (!isThere(values)) {
        return change(request, key);
      }
      await change({ method: 'POST', path: `${of}/stop` }, freshKey());
      await noInstance(of);
      const restored = await change(request, key);
      await change({ method: 'POST', path: `${of}/start` }, freshKey());
      await change({ method: 'POST', path: `${of}/instances`, body: { node: values.node }, isIdempotent: false });
      return restored;
    },
    remark: `At a node that is named, curl needs more calls: ${of}/stop before it; /start and /instances after it.`,
    command: (values) => ['snapshot', 'restore', name, ...(volumes.length ? ['--roll-back-volumes'] : []),
      ...(isThere(values) ? ['--node', values.node] : [])],
  }, { isDanger: true, isQuiet });
}

function clone(record, name, path, after, isQuiet) {
  return actionButton('Clone…', {
    title: `Clone ${name}`, button: 'Clone', after,
    explain: 'Makes an application of its own that begins from a copy.',
    fields: [{ name: 'application', label: 'Name of the new application', isRequired: true, lengthMax: 127,
      pattern: '([a-z0-9][a-z0-9._\\-]*\\/)?[a-z0-9][a-z0-9._\\-]*', hint: 'NAME, or TENANT/NAME.' }],
    request: (values) => ({ method: 'POST', path: `${path}/copy`,
      body: { application: applicationKey(values.application || 'NAME') } }),
    async run(values, request, key) {
      const copied = await change(request, key);
      const copy = `${applicationKey(values.application)}/${lastOf(record.key)}`;
      await change({ method: 'POST', path: `/v1/snapshots/${segment(copy)}/restore` }, freshKey());
      return copied;
    },
    remark: 'curl needs a second call then: /restore of the copy.',
    command: (values) => ['snapshot', 'clone', name, values.application || 'NAME'],
  }, { isQuiet });
}

function protect(record, name, path, after, isQuiet) {
  const { isProtected } = record;
  const label = isProtected ? 'Unprotect' : 'Protect';
  return actionButton(`${label}…`, {
    title: `${label} ${name}`, button: label, after,
    explain: isProtected ? 'It can be deleted, pruned and condemned again.'
      : 'Deleting, pruning and condemning it is refused until the protection is taken away.',
    request: () => ({ method: 'PUT', path: `${path}/protection`, ifMatch: record.version,
      body: { protected: !isProtected } }),
    command: () => ['snapshot', 'protect', name, ...(isProtected ? ['--off'] : [])],
  }, { isQuiet });
}

function condemn(record, name, path, after, isQuiet) {
  return actionButton('Condemn…', {
    title: `Condemn ${name}`, button: 'Condemn', confirm: lastOf(record.key), after,
    explain: 'Nothing is restored from it any more; its application starts cold unless it has another.',
    fields: [{ name: 'reason', label: 'Reason', isRequired: true, lengthMax: 512,
      hint: 'For people: it stands in the record and in the audit.' }],
    request: (values) => ({ method: 'POST', path: `${path}/condemn`, ifMatch: record.version,
      body: { reason: values.reason } }),
    command: (values) => ['snapshot', 'condemn', name, '--reason', values.reason || 'REASON'],
  }, { isDanger: true, isQuiet });
}

function remove(record, name, path, after, isQuiet) {
  return actionButton('Delete…', {
    title: `Delete ${name}`, button: 'Delete', confirm: lastOf(record.key),
    after: () => after({ isDeleted: true }),
    explain: 'The saved state is gone from every node that holds it.',
    request: () => ({ method: 'DELETE', path, ifMatch: record.version }),
    command: () => ['snapshot', 'delete', name],
  }, { isDanger: true, isQuiet });
}
