/** Signs in and out. The server keeps the session, and the page never stores the key. */

import { closeSession, openSession } from './api.js';
import { byId, setText } from './dom.js';
import { forgetOperator } from './operator.js';
import { hideProblem } from './problem.js';
import { text } from './texts.js';

/**
 * The key under which the page stores whether to offer signing out. A script cannot read the cookie
 * itself.
 */
const SIGNED_IN = 'waybill.signed-in';

function remembered() {
  try {
    return localStorage.getItem(SIGNED_IN) !== null;
  } catch {
    return false; // storage is blocked in this browser
  }
}

function remember(signedIn) {
  try {
    if (signedIn) {
      localStorage.setItem(SIGNED_IN, 'yes');
    } else {
      localStorage.removeItem(SIGNED_IN);
    }
  } catch {
    // The storage is blocked, so the page does not offer signing out after a reload.
  }
  byId('sign-out').hidden = !signedIn;
}

function ask() {
  if (byId('sign-in').hidden) {
    remember(false);
    setText(byId('sign-in-problem'), '');
    byId('sign-in').hidden = false;
    byId('sign-in-key').focus();
  }
}

async function signIn(event, signedIn) {
  event.preventDefault();
  const key = byId('sign-in-key').value.trim();
  byId('sign-in-key').value = '';
  try {
    await openSession(key);
  } catch (failure) {
    setText(byId('sign-in-problem'), failure.status === 401 ? text('session.not-valid') : failure.message);
    byId('sign-in-key').focus();
    return;
  }
  remember(true);
  forgetOperator();
  byId('sign-in').hidden = true;
  if (location.search !== '') {
    // Loads the page again. Its address names a job, a preview or the history, and the page could
    // not read this before the sign-in.
    location.reload();
  } else {
    hideProblem();
    signedIn();
    byId('file').focus();
  }
}

async function signOut() {
  try {
    await closeSession();
  } catch {
    return; // the button stays, so the user can try again
  }
  remember(false);
  forgetOperator();
  location.assign('/');
}

/** @param signedIn called after a sign-in on the form, where a call was refused before */
export function prepareSession(signedIn) {
  byId('sign-in').addEventListener('submit', (event) => signIn(event, signedIn));
  byId('sign-out').addEventListener('click', signOut);
  byId('sign-out').hidden = !remembered();
  document.addEventListener('unauthenticated', ask);
}
