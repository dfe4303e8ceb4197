/// Light, dark or as the system has it; kept in this browser.

const KEY = 'holdfast.theme';
const CHOICES = ['system', 'light', 'dark'];

export function theme() {
  const kept = stored();
  return CHOICES.includes(kept) ? kept : 'system';
}

export function apply(choice = theme()) {
  document.documentElement.dataset.theme = choice;
}

/** The next choice; it applies at once. */
export function choose(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // A browser that keeps nothing still shows the choice until it is closed.
  }
  apply(choice);
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
