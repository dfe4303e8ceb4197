/// The way in: an OpenID provider where one is configured, a one-time link from the command line, or a pasted
/// token.

import { get, loginPath, onlyOfCalls } from '../api.js';
import { commandLine, curlLine } from '../commandtext.js';
import { freshId, h, replace } from '../dom.js';
import { copyable, problem } from '../part/marks.js';
import { parse } from '../route.js';

const RETURN_KEY = 'holdfast.return';
const PLACE = 'login';

/** Why a login at the provider came to nothing, by the word in the address. */
const FAILURES = {
  denied: ['The provider did not let you in.', 'Try again there, or ask its administrator.'],
  invalid: ['What the provider sent does not count.',
    'Logins end after ten minutes and open one session. Try again; the node\'s log says more.'],
  'no-role': ['The provider knows you, but no role here follows from your groups.',
    'Ask who manages the groups at the provider.'],
  unavailable: ['The provider cannot be asked at the moment.', 'A token or a link still opens this page.'],
};

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
  const outcome = h('div', {}, failure());
  const elsewhere = h('div');
  const button = h('button', { type: 'submit', class: 'primary' }, 'Log in');
  const form = h('form', { class: 'panel login' },
    h('h1', {}, 'Log in'),
    elsewhere,
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
      keepPlace();
      location.assign(path);
    } catch (error) {
      replace(outcome, problem(error));
      button.disabled = false;
    }
  });
  offerProvider(elsewhere);
  return { title: 'Log in', element: form, focus: token };
}

async function offerProvider(place) {
  try {
    const { provider } = await get('/login/options');
    if (provider) {
      replace(place, h('p', {}, h('a', { class: 'button primary', href: '/login/oidc', on: { click: keepPlace } },
        `Log in at ${provider}`)), h('h2', {}, 'Or with a token'));
    }
  } catch (error) {
    onlyOfCalls(error);
  }
}

function keepPlace() {
  if (parse(location.hash).segments[0] !== PLACE) {
    sessionStorage.setItem(RETURN_KEY, location.hash);
  }
}

function failure() {
  const { segments, query } = parse(location.hash);
  const word = query.get('failed') ?? '';
  const known = segments[0] === PLACE && Object.hasOwn(FAILURES, word) && FAILURES[word];
  return known && h('div', { class: 'problem', role: 'alert' }, h('strong', {}, known[0]), h('p', {}, known[1]));
}
