import { byId } from './dom.js';

/**
 * The order of the parts of a job. While the job runs, its progress comes first. After the end, the
 * result comes first, so that a user with a small screen does not see an old bar before it. The
 * parts really move in the document, so that the keyboard and screen readers follow the same order.
 */

/** The parts that say how a job ran, in the order in which they are shown after its end. */
const COURSE = ['chart-part', 'steps', 'tracking'];

/** Puts the progress before the result, as for a job that runs. */
export function putProgressFirst() {
  move(false, () => {
    byId('route').before(byId('tracking'));
    byId('route').after(byId('steps'));
    byId('counts').before(byId('progress'));
    byId('counts').after(byId('chart-part'));
  });
}

/** Puts the result first, for a job that has ended. */
export function putResultFirst() {
  move(true, () => {
    byId('counts').after(byId('progress'));
    byId('course').append(...COURSE.map(byId));
  });
}

/** Moves the parts. The focus and the place that the user is looking at stay the same. */
function move(ended, place) {
  if (byId('course').hidden === !ended) {
    return;
  }
  const focused = document.activeElement;
  place();
  byId('course').hidden = !ended;
  byId('progress').classList.toggle('ended', ended);
  if (document.activeElement !== focused && byId('job').contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}
