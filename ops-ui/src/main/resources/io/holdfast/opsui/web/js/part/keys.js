/// The keyboard: a letter after `g` goes to a page, `/` to the page's search, `?` tells of them all.

import { freshId, h } from '../dom.js';
import { go, link } from '../route.js';

const PATIENCE_MILLIS = 1_500;

/**
 * Listens from now on.
 *
 * @param pagesOf gives the pages that the user may see, `{name, label, key}`
 */
export function listen(pagesOf) {
  let isGoing = 0;
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest?.('input, select, textarea, dialog, [contenteditable]');
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const pages = pagesOf();
    const wanted = performance.now() < isGoing && pages.find((page) => page.key === event.key);
    isGoing = event.key === 'g' ? performance.now() + PATIENCE_MILLIS : 0;
    if (wanted) {
      event.preventDefault();
      go(link(wanted.name ? [wanted.name] : []));
    } else if (event.key === '/') {
      focusSearch(event);
    } else if (event.key === '?') {
      tell(pages);
    }
  });
}

function focusSearch(event) {
  const search = document.querySelector('main input.search');
  if (search) {
    event.preventDefault();
    search.focus();
  }
}

/** Shows what the keys do. */
export function tell(pages) {
  if (document.querySelector('dialog[open]')) {
    return;
  }
  const title = freshId('keys');
  const key = (text) => h('kbd', {}, text);
  const dialog = h('dialog', { 'aria-labelledby': title, class: 'keys', on: { close: () => dialog.remove() } },
    h('h2', { id: title }, 'Keys'),
    h('dl', { class: 'facts' }, [
      ...pages.map((page) => [[key('g'), ' ', key(page.key)], page.label]),
      [key('/'), 'Search in the page'], [key('?'), 'This list'], [key('Esc'), 'Closes a dialog or a menu'],
      [[key('↑'), ' ', key('↓')], 'Move in a menu of actions'],
    ].map(([keys, what]) => [h('dt', {}, keys), h('dd', {}, what)])),
    h('form', { method: 'dialog' }, h('div', { class: 'buttons' }, h('button', { class: 'primary' }, 'Close'))));
  document.body.append(dialog);
  dialog.showModal();
}
