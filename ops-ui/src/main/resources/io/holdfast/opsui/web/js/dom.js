/// Builds elements. Text only ever becomes text nodes, so whatever a record holds is shown, never run.

const SVG = 'http://www.w3.org/2000/svg';
const SAFE_LINK = /^(#|\/ui\/|\/login\/oidc$|https:\/\/)/;

/**
 * An element with properties and children. Properties: `class`, `on` (event name to listener), `data` (data
 * attributes), `true` and `false` for attributes without value, and any other attribute.
 * Children: text, numbers, nodes, lists of these; null and false are left out.
 */
export function h(tag, properties, ...children) {
  return fill(dress(document.createElement(tag), properties ?? {}), children);
}

/** An SVG element. */
export function svg(tag, properties, ...children) {
  return fill(dress(document.createElementNS(SVG, tag), properties ?? {}), children);
}

/** Puts the children in the place of whatever the element held. */
export function replace(element, ...children) {
  element.replaceChildren();
  return fill(element, children);
}

/**
 * Makes the element hold these children by changing only what differs, so that focus, selection and what is
 * unfolded survive a refresh. What listens to events is replaced whole: its listeners know what they were made
 * for.
 */
export function patch(element, ...children) {
  const wanted = [...fill(document.createDocumentFragment(), children).childNodes];
  [...element.childNodes].slice(wanted.length).forEach((one) => one.remove());
  wanted.forEach((next, place) => {
    const now = element.childNodes[place];
    if (!now) {
      element.append(next);
    } else if (isPatchable(now, next)) {
      patchNode(now, next);
    } else {
      now.replaceWith(next);
    }
  });
}

const listening = new WeakSet();

function isPatchable(now, next) {
  return now.nodeName === next.nodeName && !now.nodeName.includes('-') && !listening.has(now)
    && !listening.has(next);
}

function patchNode(now, next) {
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.data !== next.data) {
      now.data = next.data;
    }
    return;
  }
  [...now.attributes].filter(({ name }) => !next.hasAttribute(name) && name !== 'open')
    .forEach(({ name }) => now.removeAttribute(name));
  [...next.attributes].filter(({ name, value }) => now.getAttribute(name) !== value)
    .forEach(({ name, value }) => now.setAttribute(name, value));
  patch(now, ...next.childNodes);
}

function dress(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === 'on') {
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
