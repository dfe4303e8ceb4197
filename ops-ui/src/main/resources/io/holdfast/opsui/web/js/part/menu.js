/// The actions on one of many things, behind one button: hundreds of lines with five buttons each would be
/// hard to read and slow to draw.

import { freshId, h, replace } from '../dom.js';

const GAP = 4;

/**
 * A button that unfolds the actions of a thing; null if it has none for this user.
 *
 * @param name the thing
 * @param actionsOf gives the buttons, asked for when the menu is opened
 */
export function menu(name, actionsOf) {
  const id = freshId('menu');
  const list = h('div', { id, class: 'menu', popover: 'auto', role: 'group', 'aria-label': `Actions on ${name}`,
    on: {
      click: (event) => event.target.closest('button') && list.hidePopover(),
      keydown: move,
      beforetoggle: (event) => event.newState === 'open' && replace(list, actionsOf()),
      // A refresh may have kept an earlier button in the place of this one.
      toggle: (event) => event.newState === 'open' && place(list, list.previousElementSibling),
    } });
  const button = h('button', { type: 'button', class: 'quiet', popovertarget: id, 'aria-haspopup': 'true',
    'aria-label': `Actions on ${name}` }, 'Actions', h('span', { 'aria-hidden': 'true' }, ' ▾'));
  return h('span', { class: 'menu-place' }, button, list);
}

/// Below the button, or above it where there is no room; never beyond the window's edges.
function place(list, button) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const top = below + height > innerHeight ? Math.max(GAP, anchor.top - GAP - height) : below;
  list.style.top = `${top}px`;
  list.style.left = `${Math.max(GAP, Math.min(anchor.right - width, innerWidth - width - GAP))}px`;
  list.querySelector('button')?.focus();
}

function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const now = buttons.indexOf(document.activeElement);
    event.preventDefault();
    buttons[(now + step + buttons.length) % buttons.length]?.focus();
  }
}
