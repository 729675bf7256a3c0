package dev.waybill.upload;

import dev.waybill.access.Caller;
import dev.waybill.access.Quotas;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Refuses a new job if too many jobs are waiting, either in total or of the caller of the new job.
 */
@Component
@RequiredArgsConstructor
class QueueLimits {

  private static final int RETRY_SECONDS = 10;

  private final UploadProperties properties;
  private final Quotas quotas;
  private final Jobs jobs;

  /**
   * @throws Problem 503 {@code queue-full} if too many jobs wait in total; 429 {@code quota} if too
   *     many jobs of this caller wait
   */
  void refuseWhenFull(Caller caller) {
    if (jobs.queued() >= properties.maxQueuedJobs()) {
      throw BusyProblems.queueFull(properties.maxQueuedJobs(), RETRY_SECONDS);
    }
    int queued = quotas.queued(caller, properties.maxQueuedJobsPerCaller());
    if (jobs.queued(caller) >= queued) {
      throw quotas.refuse(
          "queued",
          queued,
          RETRY_SECONDS,
          "%d of your jobs are waiting already. Try again later.".formatted(queued));
    }
  }
}
