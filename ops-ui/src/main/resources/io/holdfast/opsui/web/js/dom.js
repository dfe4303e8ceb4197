/// Builds elements. Text only ever becomes text nodes, so whatever a record holds is shown, never run.

const SAFE_LINK = /^(#|\/ui\/|\/login\/oidc$|https:\/\/)/;

/**
 * An element with properties and children. Properties: `class`, `on` (event name to listener), `data` (data
 * attributes), `true` and `false` for attributes without value, and any other attribute.
 * Children: text, numbers, nodes, lists of these; null and false are left out.
 */
export function h(tag, properties, ...children) {
  return fill(dress(document.createElement(tag), properties ?? {}), children);
}

/** Puts the children in the place of whatever the element held. */
export function replace(element, ...children) {
  element.replaceChildren();
  return fill(element, children);
}

/**
 * Makes the element hold these children by changing only what differs, so that focus, selection and what is
 * unfolded survive a refresh. What listens to events is replaced whole: its listeners know what they were made
 * for. An element that can take over what another of its kind shows (`takeFrom`) does that.
 */
export function patch(element, ...children) {
  const wanted = [...fill(document.createDocumentFragment(), children).childNodes];
  [...element.childNodes].slice(wanted.length).forEach((one) => one.remove());
  wanted.forEach((next, place) => {
    const now = element.childNodes[place];
    if (!now) {
      element.append(next);
    } else {
      patchOne(now, next);
    }
  });
}

/** Makes one element what another is, in its place; gives the element that stands there then. */
export function patchOne(now, next) {
  if (!isPatchable(now, next)) {
    now.replaceWith(next);
    return next;
  }
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.data !== next.data) {
      now.data = next.data;
    }
    return now;
  }
  if (now.takeFrom) {
    now.takeFrom(next);
    return now;
  }
  [...now.attributes].filter(({ name }) => !next.hasAttribute(name) && name !== 'open')
    .forEach(({ name }) => now.removeAttribute(name));
  [...next.attributes].filter(({ name, value }) => now.getAttribute(name) !== value)
    .forEach(({ name, value }) => now.setAttribute(name, value));
  patch(now, ...next.childNodes);
  return now;
}

const listening = new WeakSet();

function isPatchable(now, next) {
  return now.nodeName === next.nodeName && (now.takeFrom || !now.nodeName.includes('-')) && !listening.has(now)
    && !listening.has(next);
}

/** Draws into the element unless it was drawn from the same before. */
export function patchIfNew(element, shown, draw) {
  const print = JSON.stringify(shown) ?? '';
  if (prints.get(element) !== print) {
    prints.set(element, print);
    patch(element, draw());
  }
}

const prints = new WeakMap();

const SLICE_MILLIS = 10;

/** Lets the browser do other work if enough was done at a stretch; true if it did. */
export class Slices {
  #since = performance.now();

  async pause() {
    if (performance.now() - this.#since < SLICE_MILLIS) {
      return false;
    }
    await new Promise((resume) => { setTimeout(resume); });
    this.#since = performance.now();
    return true;
  }
}

/**
 * The children of an element, each standing for a thing with a key: what did not change is left alone, what
 * changed is patched, and where much is new it is drawn in slices, so that the page stays fluid.
 */
export class Keyed {
  #element;
  #entries = new Map();
  #turn = 0;

  constructor(element) {
    this.#element = element;
  }

  /**
   * Shows these things, in this order.
   *
   * @param options `keyOf(thing)`, `draw(thing)` gives its element, `printOf(thing)` what it is drawn from
   * @param nothing an element to show if there are none
   */
  async show(things, { keyOf, draw, printOf = JSON.stringify }, nothing = null) {
    this.#turn += 1;
    const turn = this.#turn;
    const wanted = new Set(things.map(keyOf));
    this.#forget(wanted);
    const slices = new Slices();
    let before = null;
    for (const thing of things) {
      before = this.#put(thing, { keyOf, draw, printOf }, before);
      if (await slices.pause() && turn !== this.#turn) {
        return;
      }
    }
    if (things.length === 0 && nothing) {
      this.#element.replaceChildren(nothing);
    }
  }

  #forget(wanted) {
    const kept = new Set();
    for (const [key, entry] of this.#entries) {
      if (wanted.has(key)) {
        kept.add(entry.element);
      } else {
        this.#entries.delete(key);
      }
    }
    [...this.#element.children].filter((child) => !kept.has(child)).forEach((child) => child.remove());
  }

  /// Moves only what is out of place: moving an element takes its focus away.
  #put(thing, { keyOf, draw, printOf }, before) {
    const key = keyOf(thing);
    const print = printOf(thing);
    const known = this.#entries.get(key);
    let element = known?.element;
    if (!known) {
      element = draw(thing);
    } else if (known.print !== print) {
      element = patchOne(known.element, draw(thing));
    }
    this.#entries.set(key, { print, element });
    const place = before ? before.nextSibling : this.#element.firstChild;
    if (place !== element) {
      this.#element.insertBefore(element, place);
    }
    return element;
  }
}

function dress(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === 'on') {
      // What listens in another way is taken for a mere picture, and keeps its first listener when patched.
      listening.add(element);
      Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
    } else if (name === 'data') {
      Object.assign(element.dataset, value);
    } else if (name === 'value' || name === 'checked') {
      element[name] = value;
    } else if (name.startsWith('on') || name === 'style' || name === 'srcdoc') {
      throw new Error(`an attribute that could run or style: name=${name}`);
    } else {
      element.setAttribute(name, checked(name, value === true ? '' : String(value)));
    }
  }
  return element;
}

function checked(name, value) {
  if ((name === 'href' || name === 'src') && !SAFE_LINK.test(value)) {
    throw new Error(`a link that leads elsewhere: name=${name}`);
  }
  return value;
}

function fill(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return element;
}

let identities = 0;

/** An id that no other element of the page has. */
export function freshId(prefix) {
  identities += 1;
  return `${prefix}-${identities}`;
}
