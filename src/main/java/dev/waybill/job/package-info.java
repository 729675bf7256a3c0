/**
 * A job's life: born queued with its transaction ID, picked up in attempts, told about while it
 * runs, ended exactly once. What a job does is up to its {@link dev.waybill.job.JobKind}; here are
 * its store, the queue, the attempts with their fence, progress reporting and cancelling.
 *
 * <p>May use {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.job;

import org.jspecify.annotations.NullMarked;
