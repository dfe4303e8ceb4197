/// Builds elements. Text only ever becomes text nodes, so whatever a record holds is shown, never run.

const SVG = 'http://www.w3.org/2000/svg';
const SAFE_LINK = /^(#|\/ui\/|https:\/\/)/;

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

function dress(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === 'on') {
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
