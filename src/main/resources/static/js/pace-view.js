import * as format from './format.js';
import { byId, setText } from './dom.js';
import { isExternal } from './external.js';
import { isUndo } from './undo.js';
import { measureOf } from './measure.js';
import { text } from './texts.js';

/** Shows how fast a job moves, how long it will take, or for how long nothing has moved. */

/** @param rate the server's rate, as a text */
export function drawPace(tracking, prefix, rate) {
  const still = stillOf(tracking);
  setText(byId(`${prefix}rate`), still ?? rate);
  setText(byId(`${prefix}eta`), still === null ? leftOf(tracking) : format.NOTHING);
}

/** Jobs of other programs have no rate of their own, and a time left only if they have a total. */
export function drawExternalPace(tracking) {
  const running = tracking.job.status === 'RUNNING';
  const still = stillOf(tracking);
  const left = still ?? leftOf(tracking);
  byId('external-eta-part').hidden = !running || left === format.NOTHING;
  setText(byId('external-eta'), left);
}

function stillOf({ pace, job }) {
  const seconds = pace.stillSeconds(performance.now());
  if (seconds === null || job.status !== 'RUNNING') {
    return null;
  }
  const kind = isExternal(job) ? 'external' : isUndo(job) ? 'undo' : 'import';
  return text(`pace.still-${kind}`, { time: format.duration(Math.floor(seconds)) });
}

/**
 * The time left as a range. Until this page has seen enough, it is the server's estimate, which is
 * an average and so only about right.
 */
function leftOf({ pace, job }) {
  if (job.status !== 'RUNNING') {
    return format.NOTHING;
  }
  const { done, total } = measureOf(job);
  const left = total === null ? null : pace.left(total - done);
  if (left === null) {
    return job.etaSeconds == null
      ? format.NOTHING
      : text('pace.about', { time: format.duration(job.etaSeconds) });
  }
  return left.high === null
    ? text('pace.at-least', { time: format.duration(Math.floor(left.low)) })
    : format.range(left.low, left.high);
}
