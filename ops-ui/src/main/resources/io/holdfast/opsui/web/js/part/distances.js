/// How far hosts are from each other: each to each while they are few, else zone to zone with the worst ways.

import { h } from '../dom.js';
import { count, roundTrip } from '../format.js';
import { link } from '../route.js';
import { badge } from './marks.js';
import { plainTable } from './table.js';

/** What the nodes measured; who does not answer measured nothing. */
export function distancesOf({ nodes, ways }) {
  return ways.each ? matrix(nodes.filter((node) => node.state !== 'evicted').map((node) => node.name), ways.each)
    : ofZones(ways);
}

function matrix(names, ways) {
  const known = new Map(ways.map((one) => [`${one.from} ${one.to}`, one]));
  const cell = (from, to) => {
    const way = known.get(`${from} ${to}`);
    return from === to ? '·' : !way ? '–' : way.state === 'up' ? roundTrip(way.roundTripNanos) : badge(way.state);
  };
  return plainTable('Round trips', ['From', ...names.map((name) => `#to ${name}`)],
    names.map((from) => [from, ...names.map((to) => cell(from, to))]));
}

function ofZones(ways) {
  const known = new Map(ways.zones.map((one) => [`${one.from} ${one.to}`, one]));
  const zones = [...new Set(ways.zones.flatMap((one) => [one.from, one.to]))]
    .sort((left, right) => left.localeCompare(right, 'en', { numeric: true }));
  const cell = (from, to) => roundTrip(known.get(`${from} ${to}`)?.roundTripNanos);
  return [
    h('h3', {}, 'Round trip in the middle, from zone to zone'),
    plainTable('Round trips between zones', ['From', ...zones.map((zone) => `#to ${zone}`)],
      zones.map((from) => [from, ...zones.map((to) => cell(from, to))])),
    h('h3', {}, ways.brokenCount === 0 ? 'Every host that answers is reached by the others that do'
      : `${ways.brokenCount === 1 ? '1 way is' : `${count(ways.brokenCount)} ways are`} down though both ends answer`),
    ways.brokenCount > 0 && waysTable('Ways that are down', ways.broken),
    h('h3', {}, 'The slowest ways'),
    waysTable('The slowest ways', ways.slowest)];
}

function waysTable(label, ways) {
  return plainTable(label, ['From', 'To', 'State', '#Round trip'], ways.map((one) => [
    h('a', { href: link(['nodes', one.from]) }, one.from), h('a', { href: link(['nodes', one.to]) }, one.to),
    badge(one.state), roundTrip(one.roundTripNanos)]));
}
