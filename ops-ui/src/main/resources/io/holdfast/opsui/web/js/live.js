/// Follows the changes of some catalogs as server-sent events, over `fetch` rather than `EventSource`: that way
/// a refusal's status is seen, and the server's heartbeat tells a silent connection from a quiet cluster.

const SILENCE_MILLIS_MAX = 12_000;
const PAUSE_MILLIS_MIN = 500;
const PAUSE_MILLIS_MAX = 8_000;
const LINE_LENGTH_MAX = 4 << 20;

/**
 * One followed stream. Tells `change` (detail: the event's body), `reset` (read anew) and `state` (detail:
 * `connecting`, `live`, `lost` or `refused`).
 */
export class Live extends EventTarget {
  #catalogs = [];
  #lastId = null;
  #abort = null;
  #pauseMillis = PAUSE_MILLIS_MIN;
  #timer = 0;
  #watchdog = 0;
  #generation = 0;
  state = 'connecting';
  lostSince = null;

  /**
   * Follows these catalogs from now on, instead of those before; none ends the stream.
   *
   * @param after the position from which on changes are told; those from now on if it is left out
   */
  follow(catalogs, after = null) {
    const wanted = [...new Set(catalogs)].sort();
    if (wanted.join() === this.#catalogs.join() && this.#abort) {
      return;
    }
    this.#catalogs = wanted;
    this.#lastId = after;
    this.#start();
  }

  stop() {
    this.#generation += 1;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    this.#abort?.abort();
    this.#abort = null;
  }

  /** Tries again at once. */
  retry() {
    this.#pauseMillis = PAUSE_MILLIS_MIN;
    this.#start();
  }

  #start() {
    this.stop();
    if (this.#catalogs.length > 0) {
      this.#run(this.#generation);
    }
  }

  async #run(generation) {
    const abort = new AbortController();
    this.#abort = abort;
    this.#expectSign(abort);
    try {
      const reply = await fetch(this.#path(), {
        headers: this.#lastId === null ? {} : { 'Last-Event-ID': this.#lastId },
        cache: 'no-store',
        signal: abort.signal,
      });
      if (generation !== this.#generation) {
        return;
      }
      if (!reply.ok) {
        this.#ended(generation, reply.status < 500 && reply.status !== 429);
        return;
      }
      await this.#read(reply.body.getReader(), generation, abort);
      this.#ended(generation, false);
    } catch {
      this.#ended(generation, false);
    }
  }

  #path() {
    const query = new URLSearchParams();
    this.#catalogs.forEach((catalog) => query.append('catalog', catalog));
    return `/v1/watch?${query}`;
  }

  async #read(reader, generation, abort) {
    const decoder = new TextDecoder();
    const events = new EventText((event) => this.#onEvent(event));
    for (;;) {
      const { done, value } = await reader.read();
      if (done || generation !== this.#generation) {
        return;
      }
      this.#expectSign(abort);
      this.#pauseMillis = PAUSE_MILLIS_MIN;
      this.#become('live');
      events.append(decoder.decode(value, { stream: true }));
    }
  }

  #onEvent(event) {
    if (event.id !== '') {
      this.#lastId = event.id;
    }
    if (event.name === 'change') {
      this.dispatchEvent(new CustomEvent('change', { detail: { position: event.id, ...JSON.parse(event.data) } }));
    } else if (event.name === 'reset') {
      this.dispatchEvent(new Event('reset'));
    }
  }

  #expectSign(abort) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => abort.abort(), SILENCE_MILLIS_MAX);
  }

  #ended(generation, isRefused) {
    if (generation !== this.#generation) {
      return;
    }
    clearTimeout(this.#watchdog);
    this.#abort = null;
    this.#become(isRefused ? 'refused' : 'lost');
    if (!isRefused) {
      const pause = this.#pauseMillis * (0.75 + Math.random() / 2);
      this.#pauseMillis = Math.min(PAUSE_MILLIS_MAX, this.#pauseMillis * 2);
      this.#timer = setTimeout(() => this.#run(generation), pause);
    }
  }

  #become(state) {
    if (state === this.state) {
      return;
    }
    this.lostSince = state === 'lost' ? (this.lostSince ?? Date.now()) : null;
    this.state = state;
    this.dispatchEvent(new CustomEvent('state', { detail: state }));
  }
}

/** Cuts a stream of text into events, as the HTML standard has it. */
export class EventText {
  #rest = '';
  #id = '';
  #name = '';
  #lines = [];

  constructor(onEvent) {
    this.onEvent = onEvent;
  }

  append(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    if (this.#rest.length > LINE_LENGTH_MAX) {
      throw new Error('an event is too long');
    }
    lines.forEach((line) => this.#line(line.replace(/\r$/, '')));
  }

  #line(line) {
    if (line === '') {
      this.#flush();
    } else if (!line.startsWith(':')) {
      const cut = line.indexOf(':');
      const field = cut < 0 ? line : line.slice(0, cut);
      const value = cut < 0 ? '' : line.slice(cut + 1).replace(/^ /, '');
      this.#field(field, value);
    }
  }

  #field(field, value) {
    if (field === 'id') {
      this.#id = value;
    } else if (field === 'event') {
      this.#name = value;
    } else if (field === 'data') {
      this.#lines.push(value);
    }
  }

  #flush() {
    if (this.#lines.length > 0) {
      this.onEvent({ id: this.#id, name: this.#name || 'message', data: this.#lines.join('\n') });
    }
    this.#name = '';
    this.#lines = [];
  }
}
