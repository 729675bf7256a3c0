/**
 * Runs jobs. A job waits in the queue under its transaction ID, runs in one or more attempts,
 * reports its progress, and ends exactly one time. The {@link dev.waybill.job.JobKind} of the job
 * determines the work. This package contains the store, the queue and the attempts. The package
 * also contains the fence that stops earlier attempts, the progress reports and the cancelling of
 * jobs.
 *
 * <p>This package may depend on {@code access}, {@code answer}, {@code event}, {@code platform} and
 * {@code problem}.
 */
@NullMarked
package dev.waybill.job;

import org.jspecify.annotations.NullMarked;
