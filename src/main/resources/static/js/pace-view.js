import * as format from './format.js';
import { byId, setText } from './dom.js';
import { isExternal } from './external.js';
import { isUndo } from './undo.js';
import { measureOf } from './measure.js';
import { text } from './texts.js';

/**
 * Shows the speed of a job and its remaining time, or for how long the job has made no progress.
 */

/** @param rate the server's rate, as a text */
export function drawPace(tracking, prefix, rate) {
  const still = stillOf(tracking);
  setText(byId(`${prefix}rate`), still ?? rate);
  setText(byId(`${prefix}eta`), still === null ? leftOf(tracking) : format.NOTHING);
}

/**
 * Draws the pace of a job of another program. The server sends no rate for such a job. The
 * remaining time is known only if the job has a total.
 */
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
 * The remaining time as a range. Until this page has enough data, the result is the server's
 * estimate. The server's estimate uses an average speed, so it is only approximate.
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
