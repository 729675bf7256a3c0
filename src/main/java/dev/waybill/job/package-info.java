/**
 * Runs jobs: a job is queued with its transaction ID, run in attempts, reports its progress, and
 * ends exactly once. Its {@link dev.waybill.job.JobKind} determines what the job does. This package
 * has the store, the queue, the attempts with their fence, progress reporting and cancelling.
 *
 * <p>May use {@code access}, {@code answer}, {@code event}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.job;

import org.jspecify.annotations.NullMarked;
