/// Where the user is: everything that a page shows is in the address, behind the `#`, so that a link leads to
/// exactly this view and nothing of it reaches a server's log.

/** Takes an address's fragment apart: `#/nodes/n1?where=state%3Djoined`. */
export function parse(fragment) {
  const text = fragment.replace(/^#/, '');
  const cut = text.indexOf('?');
  const path = cut < 0 ? text : text.slice(0, cut);
  return {
    segments: path.split('/').filter((part) => part !== '').map(decoded),
    query: new URLSearchParams(cut < 0 ? '' : text.slice(cut + 1)),
  };
}

/** The fragment of a place; a list gives its parameter several times, what is empty is left out. */
export function link(segments, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    [value].flat().filter((one) => one !== undefined && one !== null && one !== '')
      .forEach((one) => query.append(name, one));
  }
  const text = query.toString();
  return `#/${segments.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`;
}

/** Goes to a place; with `inPlace` the place before is not kept in the history. */
export function go(fragment, inPlace = false) {
  if (inPlace) {
    history.replaceState(null, '', fragment);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = fragment;
  }
}

/** The same place with some parameters changed; null takes one away. */
export function changed(route, parameters) {
  const all = {};
  for (const name of new Set(route.query.keys())) {
    all[name] = route.query.getAll(name);
  }
  return link(route.segments, { ...all, ...parameters });
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
