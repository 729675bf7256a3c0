import { amountOf, isExternal } from './external.js';
import { isUndo } from './undo.js';

/**
 * What of a job is measured: `moved` changes whenever the job has moved, `amount` is what the rate
 * counts, and `done` of `total` says how far the job is. `total` is null if nobody knows it.
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
