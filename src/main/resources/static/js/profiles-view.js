import { Refusal, deleteProfile, getPage } from './api.js';
import { byId, make, setText } from './dom.js';
import { problemOf } from './problem.js';
import { text } from './texts.js';

/**
 * Lists the saved settings of the user. The user can use saved settings for the file, or delete
 * them.
 */

const PAGE = 50;
/** The time within which a second click confirms the first click. */
const CONFIRM_MILLIS = 5_000;

let current = () => null;
let next = null;
/**
 * The name of the settings that the next click on the delete button of these settings deletes, or
 * null.
 */
let confirmed = null;
let confirming = 0;
/** The number of the newest request. The answers to earlier requests are not shown. */
let asked = 0;

/**
 * @param shown a function that returns the review that is shown
 */
export function prepareProfiles(shown) {
  current = shown;
  byId('profiles').addEventListener('toggle', ({ target }) => {
    if (target.open) {
      listProfiles();
    }
  });
  byId('more-profiles').addEventListener('click', () => fetchPage(next));
}

/** Reads the list of saved settings again if the list is open. */
export async function listProfiles() {
  if (byId('profiles').open) {
    await fetchPage(null);
  }
}

export function closeProfiles() {
  asked++;
  confirm(null);
  byId('profiles').open = false;
  byId('profiles-list').replaceChildren();
  byId('profiles-none').hidden = true;
  byId('more-profiles').hidden = true;
}

function fetchPage(after) {
  return attempt(async () => {
    const own = ++asked;
    const page = await getPage('/api/profiles', after, PAGE);
    if (own !== asked) {
      return;
    }
    const lines = page.items.map(({ name }) => line(name));
    next = page.next;
    if (after === null) {
      confirm(null);
      byId('profiles-list').replaceChildren(...lines);
    } else {
      byId('profiles-list').append(...lines);
    }
    byId('more-profiles').hidden = next === null;
    byId('profiles-none').hidden = byId('profiles-list').childElementCount > 0;
  });
}

function line(name) {
  const use = make('button', {
    type: 'button',
    className: 'quiet small',
    textContent: text('profiles.use'),
    ariaLabel: text('profiles.use-of', { name }),
    onclick: () => current().set({ profile: name }),
  });
  const remove = make('button', { type: 'button', className: 'quiet small' });
  label(remove, name, false);
  remove.onclick = ({ detail }) => {
    if (confirmed !== name) {
      confirm(name);
    } else if (detail <= 1) { // the second click of a double click confirms nothing
      removeProfile(name);
    }
  };
  const item = make('li', {}, make('strong', { textContent: name }), use, remove);
  item.dataset.profile = name;
  return item;
}

/** Labels a button. The label shows whether the next click on the button deletes the settings. */
function label(button, name, sure) {
  setText(button, text(sure ? 'profiles.confirm' : 'profiles.delete'));
  button.ariaLabel = text(sure ? 'profiles.confirm-of' : 'profiles.delete-of', { name });
  button.classList.toggle('confirm', sure);
}

/**
 * Asks for a confirmation after the first click, and withdraws the question about any other
 * settings. After some time, this question is withdrawn, too.
 *
 * @param name the name of the settings; null to withdraw the question
 */
function confirm(name) {
  clearTimeout(confirming);
  confirming = name === null ? 0 : setTimeout(() => confirm(null), CONFIRM_MILLIS);
  confirmed = name;
  for (const item of byId('profiles-list').children) {
    label(item.lastChild, item.dataset.profile, item.dataset.profile === name);
  }
}

function removeProfile(name) {
  return attempt(async () => {
    try {
      await deleteProfile(name);
    } catch (failure) {
      // The status 404 means that another page has already deleted these settings.
      if (!(failure instanceof Refusal && failure.status === 404)) {
        throw failure;
      }
    }
    await Promise.all([listProfiles(), current()?.refresh()]);
    setText(byId('review-note'), text('profiles.deleted', { name }));
    byId('profiles-title').focus();
  });
}

async function attempt(call) {
  try {
    await call();
  } catch (failure) {
    setText(byId('review-note'), problemOf(failure).detail);
  }
}
