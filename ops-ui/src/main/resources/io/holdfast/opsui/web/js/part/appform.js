/// What an application is to be, as a form: all that `holdfast app run` takes, the rarer things folded.

import { exactSize, parseBytes, SIZE_PATTERN } from '../format.js';
import { mayActAs } from '../session.js';
import { actionButton } from './action.js';
import { applicationKey, applicationPath, plain } from './appnames.js';

const NAME = '([a-z0-9][a-z0-9._\\-]*\\/)?[a-z0-9][a-z0-9._\\-]*';
const FOLDER = 'a folder of every node';
const IMAGE = 'an OCI image';
const MEMBERS = 'users of this cluster';
const IMPORTED = 'cluster:';

const HOOK_MILLIS = 5_000;
const READY_MILLIS = 60_000;
const IDLE_MILLIS = 300_000;

/** Where a choice is left to the cluster. */
const STANDARD = 'as usual';
const HOOKS = 'Each on a line of its own: signal:NUMBER, or call:/PATH for a POST to its port.';
const MOUNT = /^[^:\s]+:\/[^:]*(:ro)?$/;
const HOOK = /^(signal:[0-9]{1,2}|call:\/\S*)$/;
const VARIABLE = /^[^=\s]+=/;

/** The button that makes an application. */
export function createApplication(after) {
  return mayActAs('operator') && actionButton('New application…', {
    title: 'New application', button: 'Create', after,
    explain: 'Says what it is to be; the first request for it starts it, here or on another node.',
    fields: [{ name: 'name', label: 'Name', isRequired: true, pattern: NAME, lengthMax: 127,
      hint: 'NAME, or TENANT/NAME.' }, ...fieldsOf({ port: 8080 })],
    request: (values) => ({ method: 'PUT', path: applicationPath(applicationKey(values.name || 'NAME')),
      ifNoneMatch: '*', body: bodyOf(values) }),
    command: (values) => ['app', 'run', values.name || 'NAME', ...optionsOf(values)],
  });
}

/** The button that makes it something else; null if it is something that the form cannot say. */
export function changeApplication(record, after) {
  return canSay(record.spec) && actionButton('Change…', {
    title: `Change ${plain(record.key)}`, button: 'Change', after,
    explain: 'What runs is replaced, unless only how many there are changes; its memory is lost unless a snapshot has it.',
    fields: fieldsOf(known(record.spec)),
    request: (values) => ({ method: 'PUT', path: applicationPath(record.key), ifMatch: record.version,
      body: bodyOf(values) }),
    command: (values) => ['app', 'run', plain(record.key), ...optionsOf(values)],
  });
}

/// What stands on lines has no line ends and no blanks around it.
function canSay(spec) {
  const isLine = (text) => text !== '' && text === text.trim() && !text.includes('\n');
  const isWhole = (millis = 0) => millis % 1_000 === 0;
  return spec.command.every((word) => word !== '' && !word.includes('\n')) && !spec.limits.processes
    && isWhole(spec.scaling.idleMillis) && (spec.probe === 'started' || isWhole(spec.probeDetails.withinMillis))
    && spec.environment.every((one) => isLine(`${one.name}=${one.value}`))
    && [...spec.beforeSave, ...spec.afterRestore].every((one) => one.path === undefined || one.withinMillis === HOOK_MILLIS)
    && spec.mounts.every((one) => MOUNT.test(`${one.source}:${one.target}`));
}

/// A record's specification as the form's values.
function known(spec) {
  const { limits, scaling, snapshots, mounts } = spec;
  const root = String(spec.root);
  const isFolder = root.startsWith('/');
  const hasVolume = mounts.some((one) => one.kind === 'volume');
  const mountLines = (kind) => mounts.filter((one) => one.kind === kind)
    .map((one) => `${one.source}:${one.target}${one.isReadOnly ? ':ro' : ''}`).join('\n');
  const hookLines = (hooks) => hooks.map((one) => (one.path ? `call:${one.path}` : `signal:${one.number}`)).join('\n');
  const secondsUnless = (usual, millis) => (millis === usual ? null : millis / 1_000);
  return {
    kind: isFolder ? FOLDER : IMAGE, root: root.startsWith(IMPORTED) ? root.slice(IMPORTED.length) : root,
    words: spec.command.join('\n'), port: spec.port, access: spec.access === 'members' ? MEMBERS : undefined,
    workingFolder: spec.workingFolder === '/' ? '' : spec.workingFolder,
    environment: spec.environment.map((one) => `${one.name}=${one.value}`).join('\n'),
    volumes: mountLines('volume'), folders: mountLines('folder'),
    memory: limits.memoryBytes > 0 ? exactSize(limits.memoryBytes) : '', cpu: limits.cpuMillis || null,
    readyPath: spec.probeDetails?.path ?? '',
    readyWithin: spec.probe === 'started' ? null : secondsUnless(READY_MILLIS, spec.probeDetails.withinMillis),
    min: scaling.countMin || null, max: scaling.countMax === Math.max(1, scaling.countMin) ? null : scaling.countMax,
    concurrency: scaling.concurrency || null, idle: secondsUnless(IDLE_MILLIS, scaling.idleMillis),
    onIdle: scaling.onIdle === (hasVolume || scaling.countMax > 1 ? 'drop' : 'save') ? undefined : scaling.onIdle,
    moment: snapshots.moment === 'off' && !hasVolume ? 'off' : undefined,
    whileMaking: snapshots.whileMaking === 'start-cold' ? 'start-cold' : undefined,
    pool: snapshots.poolCount || null, shares: snapshots.keepsApart ? 'no' : undefined,
    beforeSave: hookLines(spec.beforeSave), afterRestore: hookLines(spec.afterRestore),
  };
}

function fieldsOf(values) {
  const filled = (field) => ({ ...field, value: values[field.name] });
  return [...rootFields(), ...seenFields(), ...limitFields(), ...scalingFields(), ...memoryFields()].map(filled);
}

function rootFields() {
  return [
    { name: 'kind', label: 'Its root is', kind: 'choice', options: [FOLDER, IMAGE] },
    { name: 'root', label: 'Folder or reference', isRequired: true, lengthMax: 1_024,
      hint: 'An image is NAME[:TAG] of one that the cluster keeps, HOST[:PORT]/PATH[:TAG|@DIGEST] or oci:/FOLDER[:NAME].',
      check: (root, { kind }) => (kind === FOLDER && root && !root.startsWith('/') ? 'A folder begins with /.' : '') },
    { name: 'words', label: 'Command', kind: 'text', rows: 4,
      hint: 'The program and its arguments, each on a line of its own. An image may say it itself.',
      check: (words, { kind }) => (kind === FOLDER && linesOf(words).length === 0 ? 'A folder needs a program.' : '') },
    { name: 'port', label: 'Port that it listens on', kind: 'number', min: 0, max: 65_535,
      isRequired: true, hint: 'The gateway of every node then answers for it; 0 if it serves nothing.' },
    { name: 'access', label: 'Who may call it through the gateway', kind: 'choice', options: ['everybody', MEMBERS] },
  ];
}

function seenFields() {
  const section = 'Variables and volumes';
  return [
    { section, name: 'environment', label: 'Variables', kind: 'text', rows: 3, hint: 'NAME=VALUE, each on a line of its own.',
      check: each(VARIABLE, 'is no NAME=VALUE') },
    { section, name: 'volumes', label: 'Volumes', kind: 'text', rows: 2,
      hint: 'NAME:/PATH or NAME:/PATH:ro, each on a line of its own. Then there is one instance.',
      check: each(MOUNT, 'is no NAME:/PATH') },
    { section, name: 'folders', label: 'Folders of the host', kind: 'text', rows: 2,
      hint: '/FOLDER:/PATH or /FOLDER:/PATH:ro, each on a line of its own.',
      check: each(MOUNT, 'is no /FOLDER:/PATH') },
    { section, name: 'workingFolder', label: 'Where it begins', lengthMax: 1_024, pattern: '/.*', hint: 'A folder; / if left empty.' },
  ];
}

function limitFields() {
  const section = 'Limits and readiness';
  return [
    { section, name: 'memory', label: 'The most memory of one instance', pattern: SIZE_PATTERN,
      hint: 'Such as 512MiB; no limit if left empty.' },
    { section, name: 'cpu', label: 'The most processor time, in milliseconds per second', kind: 'number', min: 1, max: 1_000_000,
      hint: '500 is half a processor; no limit if left empty.' },
    { section, name: 'readyPath', label: 'It is ready when a GET of this path succeeds', lengthMax: 512, pattern: '/\\S*',
      hint: 'If left empty: when its port accepts connections.',
      check: (path, { port }) => (path && port === 0 ? 'What serves nothing cannot be asked.' : '') },
    { section, name: 'readyWithin', label: 'Seconds that this may take', kind: 'number', min: 1, max: 3_600,
      hint: '60 if left empty.' },
  ];
}

function scalingFields() {
  const section = 'How many, and when none';
  return [
    { section, name: 'min', label: 'Instances that run without being asked for', kind: 'number', min: 0, max: 1_000,
      hint: '0 if left empty.' },
    { section, name: 'max', label: 'Instances at most', kind: 'number', min: 1, max: 1_000, hint: '1 if left empty.',
      check: (max, { min }) => ((max ?? Math.max(1, min ?? 0)) < (min ?? 0) ? 'That is fewer than run anyway.' : '') },
    { section, name: 'concurrency', label: 'Requests that one handles before another is started', kind: 'number', min: 0,
      max: 100_000, hint: 'Any number if left empty.' },
    { section, name: 'idle', label: 'Seconds without a request until it sleeps', kind: 'number', min: 0, max: 31_536_000,
      hint: '300 if left empty; 0 for never.' },
    { section, name: 'onIdle', label: 'Its memory then', kind: 'choice', options: [STANDARD, 'save', 'drop'],
      hint: 'As usual: saved if there is one instance at most and no volume.' },
  ];
}

function memoryFields() {
  const section = 'Saving its memory';
  return [
    { section, name: 'moment', label: 'Saved by itself', kind: 'choice', options: [STANDARD, 'on-first-request', 'off'],
      hint: 'As usual: before it handles its first request; not with volumes.' },
    { section, name: 'whileMaking', label: 'Other requests meanwhile', kind: 'choice', options: ['wait', 'start-cold'] },
    { section, name: 'pool', label: 'Frozen copies that a node keeps ready', kind: 'number', min: 0, max: 100,
      hint: 'Where it runs or did lately; none if left empty.' },
    { section, name: 'shares', label: 'Its copies share equal memory with others of its tenant', kind: 'choice',
      options: ['yes', 'no'], hint: 'Whoever shares memory can find out by timing what is in another\'s.' },
    { section, name: 'beforeSave', label: 'Told to it before it is saved', kind: 'text', rows: 2, hint: HOOKS, check: hooks },
    { section, name: 'afterRestore', label: 'Told to it when it goes on from what was saved', kind: 'text', rows: 2, hint: HOOKS,
      check: hooks },
  ];
}

function linesOf(text) {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

/// A word of a command may begin or end with blanks.
function wordsOf(text) {
  return text.split('\n').filter((word) => word !== '');
}

function each(form, says) {
  return (text) => {
    const wrong = linesOf(text).find((line) => !form.test(line));
    return wrong === undefined ? '' : `“${wrong}” ${says}.`;
  };
}

function hooks(text, { port }) {
  return each(HOOK, 'is neither signal:NUMBER nor call:/PATH')(text)
    || (port === 0 && linesOf(text).some((line) => line.startsWith('call:')) ? 'What serves nothing cannot be called.' : '');
}

function bodyOf(values) {
  return trimmed({
    [values.kind === FOLDER ? 'rootfs' : 'image']: values.root,
    command: wordsOf(values.words),
    port: values.port,
    access: values.access === MEMBERS ? 'members' : null,
    workingFolder: values.workingFolder,
    environment: linesOf(values.environment).map(variableOf),
    mounts: [...linesOf(values.volumes).map((line) => mountOf('volume', line)),
      ...linesOf(values.folders).map((line) => mountOf('folder', line))],
    limits: { memoryBytes: parseBytes(values.memory), cpuMillis: values.cpu },
    probe: { path: values.readyPath, withinMillis: times(values.readyWithin) },
    scaling: { min: values.min, max: values.max, concurrency: values.concurrency, idleMillis: times(values.idle),
      onIdle: chosen(values.onIdle) },
    snapshots: { moment: chosen(values.moment), whileMaking: values.whileMaking === 'wait' ? null : values.whileMaking,
      pool: values.pool, shareMemory: values.shares === 'no' ? false : null },
    beforeSave: linesOf(values.beforeSave).map(hookOf),
    afterRestore: linesOf(values.afterRestore).map(hookOf),
  });
}

/// Without what is left empty; a command may be empty, which an image then says.
function trimmed(value) {
  return Object.fromEntries(Object.entries(value)
    .map(([name, one]) => [name, one !== null && typeof one === 'object' && !Array.isArray(one) ? trimmed(one) : one])
    .filter(([name, one]) => name === 'command' || !(one === null || one === '' || one.length === 0
      || (typeof one === 'object' && Object.keys(one).length === 0))));
}

function times(seconds) {
  return seconds === null ? null : seconds * 1_000;
}

function chosen(value) {
  return value === STANDARD ? null : value;
}

function variableOf(line) {
  const cut = line.indexOf('=');
  return { name: line.slice(0, cut), value: line.slice(cut + 1) };
}

function mountOf(kind, line) {
  const [source, target, end] = line.split(':');
  return { kind, source, target, readOnly: end === 'ro' };
}

function hookOf(line) {
  return line.startsWith('signal:') ? { signal: Number(line.slice(7)) } : { call: line.slice(5) };
}

/// The same as words of the command line; what is as usual is left out.
function optionsOf(values) {
  const option = (name, value) => (value === null || value === '' || value === undefined ? [] : [`--${name}`, value]);
  const lines = (name, text) => linesOf(text).flatMap((line) => [`--${name}`, line]);
  const words = wordsOf(values.words);
  return [
    values.kind === FOLDER ? '--rootfs' : '--image', values.root || 'ROOT',
    ...option('port', values.port > 0 ? values.port : null),
    ...option('access', values.access === MEMBERS ? 'members' : null),
    ...lines('env', values.environment), ...lines('mount', values.folders), ...lines('volume', values.volumes),
    ...option('workdir', values.workingFolder),
    ...option('memory', values.memory.replace(' ', '')), ...option('cpu', values.cpu),
    ...option('ready-path', values.readyPath), ...option('ready-within', values.readyWithin),
    ...option('min', values.min), ...option('max', values.max), ...option('concurrency', values.concurrency),
    ...option('idle', values.idle), ...option('on-idle', chosen(values.onIdle)),
    ...option('snapshot', chosen(values.moment)), ...lines('before-save', values.beforeSave),
    ...lines('after-restore', values.afterRestore),
    ...option('while-making', values.whileMaking === 'wait' ? null : values.whileMaking), ...option('pool', values.pool),
    ...(values.shares === 'no' ? ['--keep-apart'] : []),
    ...(words.length > 0 ? ['--', ...words] : []),
  ];
}
