/// Actions: a dialog that says what will happen, shows the same call for the terminal, asks for the name where
/// there is no way back, and tells what came of it.

import { change, freshKey, Unreachable } from '../api.js';
import { commandLine, curlLine } from '../commandtext.js';
import { freshId, h, replace } from '../dom.js';
import { copyable, problem } from './marks.js';

/**
 * A button that opens the dialog of an action.
 *
 * @param action `title`, `explain`, `fields` (`{name, label, kind, value, options, hint, isRequired, pattern,
 *     rows, section, check}`; those of a section are folded together, `check(value, values)` gives what is wrong
 *     or an empty text, an optional number that is left empty is null),
 *     `confirm` (a name to type), `request(values)`, `command(values)` (words, or null where the command line
 *     has none), `button` (the label), `done(reply)` (a node to show instead of closing), `after(reply)`,
 *     `run(values, request, key)` (where more than the one call is to be made), `remark` (on the calls shown),
 *     `plan()` (a promise of what will be affected, shown before)
 */
export function actionButton(label, action, { isDanger = false, isQuiet = false } = {}) {
  return h('button', { type: 'button', class: [isDanger && 'danger', isQuiet && 'quiet'].filter(Boolean).join(' ') || null,
    on: { click: () => open(action, isDanger) } }, label);
}

/** Opens the dialog of an action. */
export function open(action, isDanger = false) {
  const dialog = new ActionDialog(action, isDanger);
  document.body.append(dialog.element);
  dialog.element.showModal();
}

class ActionDialog {
  #action;
  #fields = new Map();
  #confirm = null;
  #calls = h('div', { class: 'calls' });
  #outcome = h('div');
  #submit;
  #key = freshKey();
  #sent = '';

  constructor(action, isDanger) {
    this.#action = action;
    this.#submit = h('button', { type: 'submit', class: isDanger ? 'danger' : 'primary' },
      action.button ?? action.title);
    const title = freshId('title');
    const close = () => this.element.close();
    const form = h('form', { on: { submit: (event) => this.#onSubmit(event), input: () => this.#refresh() } },
      h('h2', { id: title }, action.title),
      action.explain && h('p', {}, action.explain),
      action.plan && this.#plan(action.plan),
      this.#sections(action.fields ?? []),
      action.confirm && this.#confirmation(action.confirm),
      this.#calls,
      this.#outcome,
      h('div', { class: 'buttons' },
        h('button', { type: 'button', on: { click: close } }, 'Close'), this.#submit));
    // Whoever follows a link leaves the dialog.
    form.addEventListener('click', (event) => event.target.closest('a[href^="#"]') && close());
    // What is wrong in a folded section has to be seen.
    form.addEventListener('invalid', (event) => event.target.closest('details')?.setAttribute('open', ''), true);
    this.element = h('dialog', { 'aria-labelledby': title, on: { close: () => this.element.remove() } }, form);
    this.#refresh();
  }

  /// What begins with something in it begins unfolded.
  #sections(fields) {
    const isFilled = (field) => !['', null, undefined].includes(field.value);
    return [...Map.groupBy(fields, (field) => field.section ?? '')].map(([section, some]) => (section === ''
      ? some.map((field) => this.#field(field))
      : h('details', { class: 'section', open: some.some(isFilled) }, h('summary', {}, section), some.map((field) => this.#field(field)))));
  }

  #field(field) {
    const id = freshId('field');
    const hint = field.hint && freshId('hint');
    const input = control(field, id, hint);
    this.#fields.set(field.name, { field, input });
    return h('div', { class: 'field' },
      h('label', { for: id }, field.label), input, hint && h('p', { id: hint, class: 'faint' }, field.hint));
  }

  #plan(plan) {
    const place = h('div', { class: 'plan' }, h('p', { class: 'faint' }, 'Finding out what is affected…'));
    plan().then((content) => replace(place, content), (error) => replace(place, problem(error)));
    return place;
  }

  #confirmation(name) {
    const id = freshId('confirm');
    this.#confirm = h('input', { id, type: 'text', autocomplete: 'off', spellcheck: 'false', required: true });
    return h('div', { class: 'field' },
      h('label', { for: id }, 'There is no way back. Type ', h('strong', {}, name), ' to go on.'), this.#confirm);
  }

  #values() {
    return Object.fromEntries([...this.#fields].map(([name, { field, input }]) =>
      [name, field.kind !== 'number' ? input.value
        : input.value === '' && !field.isRequired ? null : Number(input.value)]));
  }

  #refresh() {
    const values = this.#values();
    const request = this.#action.request(values);
    const words = this.#action.command?.(values);
    for (const [name, { field, input }] of this.#fields) {
      input.setCustomValidity(field.check?.(values[name], values) ?? '');
    }
    this.#submit.disabled = this.#confirm !== null && this.#confirm.value !== this.#action.confirm;
    replace(this.#calls, h('h3', {}, 'The same from a terminal'),
      words
        ? copyable(commandLine(words), 'the command line')
        : h('p', { class: 'faint' }, 'The command line has no command of its own for this; curl does it.'),
      copyable(curlLine(request, location.origin), 'the curl call'),
      this.#action.remark && h('p', { class: 'faint' }, this.#action.remark));
  }

  async #onSubmit(event) {
    event.preventDefault();
    const request = this.#action.request(this.#values());
    const print = JSON.stringify(request);
    if (this.#sent !== '' && print !== this.#sent) {
      this.#key = freshKey();
    }
    this.#sent = print;
    this.#submit.disabled = true;
    replace(this.#outcome, h('p', { role: 'status' }, 'Waiting for the answer…'));
    try {
      const values = this.#values();
      this.#onReply(this.#action.run ? await this.#action.run(values, request, this.#key)
        : await change(request, this.#key));
    } catch (error) {
      this.#onError(error);
    }
  }

  #onReply(reply) {
    this.#action.after?.(reply);
    if (this.#action.done) {
      replace(this.element.querySelector('form'), this.#action.done(reply),
        h('div', { class: 'buttons' },
          h('button', { type: 'button', class: 'primary', on: { click: () => this.element.close() } }, 'Close')));
    } else {
      this.element.close();
      toast(this.#action.said ?? `${this.#action.title}: done`);
    }
  }

  #onError(error) {
    if (!(error instanceof Unreachable)) {
      this.#key = freshKey();
    }
    replace(this.#outcome, problem(error), error instanceof Unreachable
      && h('p', {}, 'Whether it happened is not known. Pressing again is safe: the call carries the same key, so '
        + 'it happens once.'),
    error.status === 412
      && h('p', {}, 'Somebody changed the record since it was shown. Close this and look again.'));
    this.#submit.disabled = false;
  }
}

function control(field, id, hint) {
  const shared = { id, name: field.name, 'aria-describedby': hint };
  if (field.kind === 'choice') {
    const select = h('select', shared, field.options.map((option) => h('option', { value: option }, option)));
    select.value = field.value ?? field.options[0];
    return select;
  }
  const typed = { ...shared, required: field.isRequired, value: field.value ?? '', spellcheck: 'false' };
  if (field.kind === 'text') {
    return h('textarea', { ...typed, rows: field.rows ?? '6' });
  }
  return h('input', { ...typed, type: field.kind === 'number' ? 'number' : 'text', min: field.min, max: field.max,
    pattern: field.pattern, maxlength: field.lengthMax, autocomplete: 'off' });
}

/** A short word on what happened, read out by screen readers. */
export function toast(text) {
  const place = document.getElementById('toasts');
  const element = h('div', { class: 'toast' }, text);
  place?.append(element);
  setTimeout(() => element.remove(), 5_000);
}
