package dev.waybill.worker;

import dev.waybill.event.EventBroadcast;
import dev.waybill.job.Jobs;
import java.time.Duration;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;

/**
 * Cancels jobs with {@code onDisconnect: cancel} that nobody has watched for 30 s. Each pod renews
 * the jobs that its own emitters watch, in the database and by its clock. So a job that is watched
 * on another pod stays, although Redis is away.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class CancelUnwatched {

  /** Without a watcher before a job is cancelled; also from its creation to its first watcher. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ExternalStore store;
  private final EventBroadcast broadcast;
  private final Jobs jobs;

  /** A failure of the database is left to the caller. */
  void cancelUnwatched() {
    for (String jobId : store.cancelledUnwatched()) {
      if (broadcast.watchers(jobId) > 0) {
        store.watched(jobId, PATIENCE.toMillis());
      }
    }
    for (String jobId : store.unwatched()) {
      log.info("Job {}: nobody watches it any more, cancelling it", jobId);
      jobs.cancel(jobId);
    }
  }
}
