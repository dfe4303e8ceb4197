/// How far hosts are from each other: each to each while they are few, else zone to zone with the worst ways.

import { h } from '../dom.js';
import { count, roundTrip } from '../format.js';
import { link } from '../route.js';
import { badge } from './marks.js';
import { median } from './starts.js';
import { plainTable } from './table.js';

const MATRIX_NODES_MAX = 12;
const WORST_SHOWN = 10;

/** What the nodes measured; who does not answer measured nothing. */
export function distancesOf(status) {
  const members = status.nodes.filter((node) => node.state !== 'evicted');
  return members.length > MATRIX_NODES_MAX ? ofZones(members) : matrix(members);
}

function matrix(members) {
  const names = members.map((node) => node.name);
  return plainTable('Round trips', ['From', ...names.map((name) => `#to ${name}`)],
    members.map((node) => [node.name, ...names.map((name) => way(node, name))]));
}

function way(node, to) {
  if (node.name === to) {
    return '·';
  }
  const known = node.report?.links?.find((one) => one.peer === to);
  if (!known) {
    return '–';
  }
  return known.state === 'up' ? roundTrip(known.roundTripNanos) : badge(known.state);
}

function ofZones(members) {
  const zoneOf = new Map(members.map((node) => [node.name, node.zone]));
  const answering = new Set(members.filter((node) => node.answers).map((node) => node.name));
  const ways = members.flatMap((node) => (node.report?.links ?? []).filter((one) => zoneOf.has(one.peer))
    .map((one) => ({ from: node.name, to: one.peer, ...one })));
  const zones = [...new Set(zoneOf.values())].sort((left, right) => left.localeCompare(right, 'en', { numeric: true }));
  const between = Map.groupBy(ways.filter((one) => one.state === 'up'),
    (one) => `${zoneOf.get(one.from)}\n${zoneOf.get(one.to)}`);
  const cell = (from, to) => {
    const known = between.get(`${from}\n${to}`);
    return known ? roundTrip(median(known.map((one) => one.roundTripNanos))) : '–';
  };
  const broken = ways.filter((one) => one.state !== 'up' && answering.has(one.to));
  const slowest = ways.filter((one) => one.state === 'up')
    .sort((left, right) => right.roundTripNanos - left.roundTripNanos).slice(0, WORST_SHOWN);
  return [
    h('h3', {}, 'Median round trip between zones'),
    plainTable('Round trips between zones', ['From', ...zones.map((zone) => `#to ${zone}`)],
      zones.map((from) => [from, ...zones.map((to) => cell(from, to))])),
    h('h3', {}, broken.length === 0 ? 'Every host that answers is reached by the others that do'
      : `${count(broken.length)} ways are down though both ends answer`),
    broken.length > 0 && waysTable('Ways that are down', broken.slice(0, WORST_SHOWN)),
    h('h3', {}, 'The slowest ways'),
    waysTable('The slowest ways', slowest)];
}

function waysTable(label, ways) {
  return plainTable(label, ['From', 'To', 'State', '#Round trip'], ways.map((one) => [
    h('a', { href: link(['nodes', one.from]) }, one.from), h('a', { href: link(['nodes', one.to]) }, one.to),
    badge(one.state), roundTrip(one.roundTripNanos)]));
}
