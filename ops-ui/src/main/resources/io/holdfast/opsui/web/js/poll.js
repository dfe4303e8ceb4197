/// Looks again and again while somebody looks at the page.

/** Calls until the signal aborts, one call at a time, and none while the page is hidden. */
export function every(millis, look, signal) {
  let isLooking = false;
  const timer = setInterval(async () => {
    if (document.visibilityState === 'visible' && !isLooking) {
      isLooking = true;
      try {
        await look();
      } finally {
        isLooking = false;
      }
    }
  }, millis);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** Rates out of counters that only grow: the difference between two looks, per second. */
export class Rates {
  #before = new Map();

  /** The rates of one thing's counters; null at the first look, and after a counter began anew. */
  of(key, counters, now = performance.now()) {
    const before = this.#before.get(key);
    this.#before.set(key, { counters, now });
    if (!before || now <= before.now) {
      return null;
    }
    const rates = Object.fromEntries(Object.entries(counters).map(([name, value]) =>
      [name, (value - (before.counters[name] ?? value)) * 1000 / (now - before.now)]));
    return Object.values(rates).some((rate) => rate < 0) ? null : rates;
  }
}
