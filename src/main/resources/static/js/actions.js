import { byId, setText } from './dom.js';
import { problemOf } from './problem.js';

/**
 * Makes a button call the server. A note beside the button shows `working` during the call, and the
 * outcome after the call. While a call is in progress, further clicks do nothing.
 *
 * @param action a function that makes the call and returns the text of the note, or nothing
 */
export function onAction(id, note, working, action) {
  const button = byId(id);
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') {
      return;
    }
    button.setAttribute('aria-disabled', 'true');
    setText(byId(note), working);
    try {
      setText(byId(note), await action() ?? '');
    } catch (failure) {
      setText(byId(note), problemOf(failure).detail);
    }
    button.removeAttribute('aria-disabled');
  });
}
