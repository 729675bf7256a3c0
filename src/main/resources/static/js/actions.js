import { byId, setText } from './dom.js';
import { problemOf } from './problem.js';

/**
 * A button that calls the server. A note says what it does and how it ended; until then it does
 * nothing else.
 *
 * @param action returns what the note says afterwards, or nothing
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
