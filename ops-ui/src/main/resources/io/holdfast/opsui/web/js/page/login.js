/// The way in: a one-time link from the command line, or a pasted token.

import { loginPath } from '../api.js';
import { commandLine, curlLine } from '../commandtext.js';
import { freshId, h, replace } from '../dom.js';
import { copyable, problem } from '../part/marks.js';

const RETURN_KEY = 'holdfast.return';

/** Where the user wanted to go before the login; given once. */
export function takeReturn() {
  const fragment = sessionStorage.getItem(RETURN_KEY);
  sessionStorage.removeItem(RETURN_KEY);
  return fragment?.startsWith('#/') ? fragment : null;
}

/** The token goes to the API once, for a session in a cookie that no script can read; it is kept nowhere. */
export function login() {
  const id = freshId('token');
  const token = h('input', { id, type: 'password', autocomplete: 'off', required: true, spellcheck: 'false' });
  const outcome = h('div');
  const button = h('button', { type: 'submit', class: 'primary' }, 'Log in');
  const form = h('form', { class: 'panel login' },
    h('h1', {}, 'Log in'),
    h('div', { class: 'field' }, h('label', { for: id }, 'Token'), token,
      h('p', { class: 'faint' }, 'It begins with hfu1. An admin makes tokens: ',
        h('code', {}, commandLine(['user', 'token', 'create', 'NAME'])))),
    outcome, h('div', { class: 'buttons' }, button),
    h('h2', {}, 'Or with a link'),
    h('p', {}, 'This command prints a link that logs in once, within five minutes:'),
    copyable(commandLine(['login']), 'the command line'),
    h('p', {}, 'Without the command line: this call answers with a path; append it to any node\'s address.'),
    copyable(curlLine({ method: 'POST', path: '/v1/login-links' }, location.origin), 'the curl call'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    replace(outcome);
    try {
      const path = await loginPath(token.value.trim());
      sessionStorage.setItem(RETURN_KEY, location.hash);
      location.assign(path);
    } catch (error) {
      replace(outcome, problem(error));
      button.disabled = false;
    }
  });
  return { title: 'Log in', element: form, focus: token };
}
