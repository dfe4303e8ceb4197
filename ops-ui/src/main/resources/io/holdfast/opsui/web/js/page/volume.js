/// One volume: who serves it, what it takes, where its chunks lie, what descends from what, and how to use it.

import { onlyOfCalls, read, segment } from '../api.js';
import { commandLine } from '../commandtext.js';
import { h, patch, patchIfNew, replace } from '../dom.js';
import { bytes, count, entryOf, rate, roundTrip, time } from '../format.js';
import { chart } from '../part/chart.js';
import { histogram } from '../part/histogram.js';
import { badge, copyable, facts, panel, problem, waiting, when } from '../part/marks.js';
import { menu } from '../part/menu.js';
import { Differences } from '../part/differences.js';
import { plainTable } from '../part/table.js';
import { profileOf, snapshotActions, volumeActions } from '../part/volumeactions.js';
import { every, Rates } from '../poll.js';
import { go, link } from '../route.js';
import { mayActAs } from '../session.js';

const FIGURES_MILLIS = 2_000;
const SAMPLES_MAX = 90;
const STATES = ['open', 'sealed', 'at-risk', 'released'];

export function volume({ route, signal }) {
  const name = route.segments[1];
  const path = `/v1/volumes/${segment(name)}`;
  const rates = new Rates();
  const samples = [];
  const actions = h('div', { class: 'buttons' });
  const outcome = h('div', {}, waiting());
  const live = h('div', { class: 'charts' });
  const now = h('div');
  const latencies = h('div');
  const places = h('div');
  const lineage = h('div');
  const differences = new Differences(name, signal, () => drawLineage());
  let record = null;
  let family = null;
  let figures = null;
  let shownVersion = -1;

  async function refresh() {
    try {
      [record, family, figures] = await Promise.all([read(path, {}, { signal }),
        read(`${path}/family`, {}, { signal }), read(`${path}/figures`, {}, { signal })]);
      replace(outcome);
      draw();
    } catch (error) {
      fail(error);
    }
  }

  async function look() {
    try {
      figures = await read(`${path}/figures`, {}, { signal });
      sample();
      drawLive();
    } catch (error) {
      fail(error);
    }
  }

  function fail(error) {
    onlyOfCalls(error);
    if (!signal.aborted && (record === null || error.status === 404)) {
      replace(outcome, problem(error));
    }
  }

  function sample() {
    const { served } = figures;
    const known = served && rates.of(name, { reads: served.reads, writes: served.writes,
      readBytes: served.readBytes, writtenBytes: served.writtenBytes });
    samples.push({ at: Date.now(), ...known });
    samples.splice(0, Math.max(0, samples.length - SAMPLES_MAX));
  }

  function draw() {
    if (record.version !== shownVersion) {
      shownVersion = record.version;
      replace(actions, volumeActions(record, done));
    }
    drawLive();
    patchIfNew(places, [family.chunks, family.places], () => spread(family));
    drawLineage();
  }

  function drawLineage() {
    const own = family.volumes.find((one) => one.volume === name)?.snapshots ?? [];
    patchIfNew(lineage, [family.volumes, differences.found, differences.state], () => [
      h('ul', { class: 'tree' }, roots(family).map((one) => branch(one, family,
        { name, done, differences: differences.found }))), differences.control(own)]);
  }

  function drawLive() {
    if (record !== null && figures !== null) {
      patch(now, nowFacts(record, figures, family));
      patch(live, liveFigures(samples));
      patchIfNew(latencies, figures.served && [figures.served.readLatency, figures.served.writeLatency,
        figures.served.flushLatency], () => latencyTable(figures.served));
    }
  }

  function done(reply) {
    if (reply?.isDeleted) {
      go(link(['volumes']));
    } else {
      refresh();
    }
  }

  every(FIGURES_MILLIS, look, signal);
  return {
    title: name,
    element: h('div', {},
      h('p', { class: 'crumbs' }, h('a', { href: link(['volumes']) }, 'Volumes'), ' / ', name),
      h('div', { class: 'title-line' }, h('h1', {}, name), actions), outcome,
      panel('Now', now), panel('Lately', live), panel('Latency since it was opened', latencies),
      panel('Where its chunks lie', places), panel('Snapshots and clones', lineage),
      panel('Use it', ...uses(name))),
    catalogs: ['volumes', 'volume-snapshots'],
    refresh,
  };
}

function nowFacts(record, figures, family) {
  const { served } = figures;
  return facts([
    ['Health', figures.chunksAtRisk > 0
      ? badge(`${count(figures.chunksAtRisk)} of ${count(figures.chunks)} chunks at risk`, 'bad')
      : badge(figures.chunks > 0 ? 'whole' : 'empty', figures.chunks > 0 ? 'good' : 'plain')],
    ['Served by', figures.servedBy ? h('a', { href: link(['nodes', figures.servedBy]) }, figures.servedBy)
      : 'nobody now; the next client opens it'],
    ['Clients', served ? count(served.clients) : '–'],
    ['Size', `${bytes(record.sizeBytes)} in blocks of ${bytes(record.blockBytes)}`],
    ['Useful', served ? bytes(served.usefulBytes) : `${bytes(family.complete.usefulBytes)} in complete chunks`],
    ['On disks', served ? bytes(served.storedBytes) : `about ${bytes(family.complete.storedBytes)} in complete chunks`],
    ['Profile', `${profileOf(record)}, each strip on another ${record.profile?.spread ?? 'node'}`],
    ['While too few hosts are up', record.policy?.isDegradedAllowed ? 'it is written with less parity'
      : 'writing stops'],
    ['Attached at', record.attachment
      ? h('a', { href: link(['nodes', record.attachment.node]) }, record.attachment.node) : 'no host'],
    ['Protected', record.isProtected ? badge('protected', 'good') : 'no'],
    record.origin && ['Began as', origin(record.origin)],
    ['Made', time(record.createdMillis)],
    ['Record', h('a', { href: link(['catalogs', 'volumes', record.key]) }, `ledger entry ${count(entryOf(record.version))}`)],
  ]);
}

function origin(text) {
  const [from, snapshot] = text.split('/');
  return h('span', {}, h('a', { href: link(['volumes', from]) }, from), `@${snapshot}`);
}

function liveFigures(samples) {
  const times = samples.map((one) => one.at / 1_000);
  const of = (name) => samples.map((one) => one[name] ?? null);
  const perSecond = (value) => `${rate(value)} /s`;
  const bytesPerSecond = (value) => `${bytes(Math.round(value))}/s`;
  return [['Operations', perSecond, 4, 'reads', 'writes'],
    ['Throughput', bytesPerSecond, 4_096, 'readBytes', 'writtenBytes']]
    .map(([label, format, least, reads, writes]) => h('figure', { class: 'chart' }, h('figcaption', {}, label),
      chart({ label, least, isBinary: label === 'Throughput', series: [{ label: 'Reads', format }, { label: 'Writes', format }] },
        [times, of(reads), of(writes)])));
}

function latencyTable(served) {
  if (!served) {
    return h('p', { class: 'faint' }, 'Nobody serves it now.');
  }
  const kinds = [['Reads', served.readLatency], ['Writes', served.writeLatency], ['Flushes', served.flushLatency]]
    .filter(([, latency]) => latency);
  return [
    h('div', { class: 'histograms' }, kinds.filter(([, latency]) => latency.count > 0)
      .map(([label, latency]) => histogram(label, latency.byDoubledMicros))),
    plainTable('Latencies', ['What', '#How many', '#Half within', '#99 % within', '#99.9 % within', '#Longest'],
      kinds.map(([label, latency]) => [label, count(latency.count),
        ...['p50Micros', 'p99Micros', 'p999Micros', 'longestMicros'].map((name) =>
          (latency.count > 0 ? roundTrip(latency[name] * 1_000) : '–'))]))];
}

/// Fragments by node and state; a bar tells the share of each state, the figures tell the rest.
function spread(family) {
  const total = Object.values(family.chunks).reduce((sum, one) => sum + one, 0);
  if (total === 0) {
    return h('p', { class: 'faint' }, 'It has no chunks yet.');
  }
  const states = STATES.filter((state) => family.chunks[state] > 0);
  return h('div', {},
    h('p', {}, `${count(total)} chunks: `, states.map((state, place) => [place > 0 && ', ',
      `${count(family.chunks[state])} ${state}`]), family.isComplete ? '.' : ', and more that were not counted.'),
    plainTable('Fragments by node', ['Fragments at', ...states.map((state) => `#${state}`), '#All'],
      family.places.map((place) => [h('a', { href: link(['nodes', place.node]) }, place.node),
        ...states.map((state) => (state === 'at-risk' && place.fragments[state]
          ? badge(count(place.fragments[state]), 'bad') : count(place.fragments[state] ?? 0))),
        count(Object.values(place.fragments).reduce((sum, one) => sum + one, 0))])));
}

/// Volumes whose origin is not in the family any more begin a tree of their own.
function roots(family) {
  const names = new Set(family.volumes.flatMap((one) => one.snapshots.map((two) => `${one.volume}/${two.name}`)));
  return family.volumes.filter((one) => !one.origin || !names.has(one.origin));
}

function branch(member, family, page) {
  const isHere = member.volume === page.name;
  return h('li', {},
    h('div', { class: 'tree-line' }, h('span', {}, isHere ? h('strong', {}, member.volume)
      : h('a', { href: link(['volumes', member.volume]) }, member.volume),
    h('span', { class: 'faint' }, ` volume, ${bytes(member.sizeBytes)}`))),
    member.snapshots.length > 0 && h('ul', {}, [...member.snapshots]
      .sort((left, right) => left.createdMillis - right.createdMillis)
      .map((snapshot) => twig(member, snapshot, family, page))));
}

function twig(member, snapshot, family, page) {
  const clones = family.volumes.filter((one) => one.origin === `${member.volume}/${snapshot.name}`);
  const isHere = member.volume === page.name;
  const differs = isHere && page.differences[snapshot.name];
  return h('li', {},
    h('div', { class: 'tree-line' }, h('div', { class: 'tree-text' },
      h('div', {}, '@', snapshot.name, snapshot.isProtected && [' ', badge('protected', 'good')]),
      h('div', { class: 'faint' }, `${bytes(snapshot.sizeBytes)} · `, when(snapshot.createdMillis),
        differs && ` · ${bytes(differs.bytes)} of its own, shares the other ${
          bytes(Math.max(0, snapshot.sizeBytes - differs.bytes))} with @${differs.since}`)),
    isHere && mayActAs('operator') && menu(`@${snapshot.name}`,
      () => snapshotActions(member.volume, snapshot, page.done))),
    clones.length > 0 && h('ul', {}, clones.map((clone) => branch(clone, family, page))));
}

function uses(name) {
  return [
    h('p', {}, 'As a device of the serving host (FUSE and loop where the kernel has no NBD driver):'),
    copyable(`mkfs.ext4 $(${commandLine(['volume', 'attach', name])})`, 'make a file system on it'),
    h('p', {}, 'From a program that speaks NBD; on the serving host a unix socket, elsewhere TLS with a certificate:'),
    copyable(`nbdinfo $(${commandLine(['volume', 'export', name])})`, 'look at it over NBD'),
    copyable(`nbdcopy $(${commandLine(['volume', 'export', name])}) ${name}.img`, 'copy it over NBD'),
  ];
}
