import { amountOf, isExternal } from './external.js';
import { isUndo } from './undo.js';

/**
 * The measured values of a job. `moved` changes whenever the job makes progress. `amount` is the
 * number from which the rate is computed. `done` of `total` is the progress of the job. `total` is
 * null if the total is not known.
 */
export function measureOf(job) {
  if (isExternal(job)) {
    const { done, total, message } = job;
    return { moved: `${amountOf(job)} ${message}`, amount: done ?? 0, done: done ?? 0, total: total ?? null };
  }
  if (isUndo(job)) {
    const { products } = job.counts;
    return { moved: products, amount: products, done: job.percent, total: 100 };
  }
  const { rows } = job.counts;
  return { moved: rows, amount: rows, done: job.bytes.read, total: job.bytes.total };
}
