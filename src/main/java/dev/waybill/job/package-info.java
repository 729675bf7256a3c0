/**
 * The life of a job: it is queued with its transaction ID, run in attempts, reported while it runs,
 * and ended exactly once. What a job does depends on its {@link dev.waybill.job.JobKind}. This
 * package has the store, the queue, the attempts with their fence, progress reporting and
 * cancelling.
 *
 * <p>May use {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.job;

import org.jspecify.annotations.NullMarked;
