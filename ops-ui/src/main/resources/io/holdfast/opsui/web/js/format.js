/// Numbers and times for people.

const COUNT = new Intl.NumberFormat('en');
const DATE = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
});
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function count(value) {
  return typeof value === 'number' ? COUNT.format(value) : '–';
}

export function bytes(value) {
  if (typeof value !== 'number') {
    return '–';
  }
  let amount = value;
  let unit = 0;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${COUNT.format(amount)} bytes` : `${amount.toFixed(amount < 10 ? 1 : 0)} ${UNITS[unit]}`;
}

const SIZE = /^([0-9]+)\s*(|B|KiB|MiB|GiB|TiB)$/;

/** The form of a size that people write. */
export const SIZE_PATTERN = '[0-9]+ ?(B|KiB|MiB|GiB|TiB)?';

/** The bytes of a size such as `10GiB`; null if it is none. */
export function parseBytes(text) {
  const parts = SIZE.exec(String(text).trim());
  if (!parts) {
    return null;
  }
  return Number(parts[1]) * 1024 ** Math.max(0, ['B', 'KiB', 'MiB', 'GiB', 'TiB'].indexOf(parts[2] || 'B'));
}

/** A size as it is written on a command line: in the largest unit that divides it. */
export function exactSize(value) {
  const units = ['TiB', 'GiB', 'MiB', 'KiB'];
  const fits = units.find((_, place) => value > 0 && value % 1024 ** (4 - place) === 0);
  return fits ? `${value / 1024 ** (4 - units.indexOf(fits))}${fits}` : String(value);
}

/** Something per second. */
export function rate(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  return COUNT.format(value < 10 ? Number(value.toFixed(1)) : Math.round(value));
}

/** A point in time, given in milliseconds or as text. */
export function time(value) {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : DATE.format(date);
}

/** A length of time, in its two largest units. */
export function duration(millis) {
  const seconds = Math.round(Math.abs(millis) / 1000);
  if (seconds < 1) {
    return `${Math.round(Math.abs(millis))} ms`;
  }
  const parts = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']]
    .map(([size, unit], place, all) => [
      Math.floor((place === 0 ? seconds : seconds % all[place - 1][0]) / size), unit])
    .filter(([amount]) => amount > 0)
    .slice(0, 2);
  return parts.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

/** How long ago, or in how long. */
export function ago(value, now = Date.now()) {
  const millis = now - new Date(value).getTime();
  if (Math.abs(millis) < 2_000) {
    return 'now';
  }
  const large = duration(millis).split(' ').slice(0, 2).join(' ');
  return millis > 0 ? `${large} ago` : `in ${large}`;
}

/** A round trip. */
export function roundTrip(nanos) {
  if (!nanos) {
    return '–';
  }
  return nanos < 1_000_000 ? `${Math.round(nanos / 1_000)} µs` : `${(nanos / 1_000_000).toFixed(1)} ms`;
}

/** A name out of a program as words: `grid-publisher`, `lastApplied`. */
export function words(name) {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[-_]/g, ' ').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const VERSION_BASE = 2 ** 52;
const COMMANDS_PER_ENTRY = 2 ** 12;

/** The index of the ledger entry that gave a record its version; the version also tells which command of it. */
export function entryOf(version) {
  return version < VERSION_BASE ? version : Math.floor((version - VERSION_BASE) / COMMANDS_PER_ENTRY);
}
