import { byId } from './dom.js';

/**
 * The order of the parts of a job. While the job runs, its progress comes first. After the end, the
 * result comes first, so that a user with a small screen does not see an old progress bar before
 * the result. The parts move in the document itself and not only on the screen, so that the
 * keyboard and screen readers follow the same order.
 */

/**
 * The parts that show how a job ran, in the order in which they are shown after the end of the job.
 */
const COURSE = ['chart-part', 'steps', 'tracking'];

/** Puts the progress before the result, for a job that runs. */
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

/** Moves the parts. The focus and the visible part of the page stay the same. */
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
