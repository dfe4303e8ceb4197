/// What can be done to a node.

import { segment } from '../api.js';
import { mayActAs } from '../session.js';
import { actionButton } from './action.js';
import { planOf } from './nodeload.js';

const REASON = { name: 'reason', label: 'Reason', lengthMax: 512, hint: 'For people: it stands in the record and in the audit.' };

const ACTIONS = [
  { verb: 'drain', label: 'Drain', from: ['joined', 'maintenance'], role: 'operator', hasCommand: true,
    explain: 'The node gets nothing new, and what it has moves away. It can be resumed.' },
  { verb: 'maintenance', label: 'Maintenance', from: ['joined', 'draining'], role: 'operator', hasCommand: true,
    fields: [REASON],
    explain: 'The node is away for a while: what it has stays, and nobody waits for it. It can be resumed.' },
  { verb: 'resume', label: 'Resume', from: ['draining', 'maintenance'], role: 'operator', hasCommand: true,
    explain: 'The node takes part in everything again.' },
  { verb: 'evict', label: 'Evict', from: ['joined', 'draining', 'maintenance'], role: 'admin', hasCommand: true,
    isDanger: true, fields: [REASON],
    explain: 'The node is refused everywhere at once and its certificate is no longer good. Only a new join token '
      + 'brings it back.' },
];

/** The buttons that this state and this user allow. */
export function nodeActions(record, after) {
  return ACTIONS
    .filter((action) => action.from.includes(record.state) && mayActAs(action.role))
    .map((action) => actionButton(`${action.label}…`, {
      title: `${action.label}: ${record.key}`,
      button: action.label,
      explain: action.explain,
      fields: action.fields,
      plan: action.verb === 'resume' ? null : () => planOf(record.key, action.verb),
      confirm: action.isDanger ? record.key : null,
      request: (values) => ({
        method: 'POST',
        path: `/v1/nodes/${segment(record.key)}/${action.verb}`,
        ifMatch: record.version,
        body: action.fields ? { reason: values.reason } : undefined,
      }),
      command: (values) => (action.hasCommand ? ['node', action.verb, record.key,
        ...(values.reason ? ['--reason', values.reason] : [])] : null),
      after,
    }, { isDanger: action.isDanger }));
}
