package dev.waybill.worker;

import dev.waybill.event.EventBroadcast;
import dev.waybill.job.Jobs;
import java.time.Duration;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;

/**
 * Cancels jobs with {@code onDisconnect: cancel} that nobody has watched for 30 s. Each pod
 * regularly records in the database, with the time of the database, which jobs have watchers. While
 * Redis does not answer, a pod knows only its own watchers. Because of the records of the other
 * pods, a job that is watched only there is not cancelled.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class CancelUnwatched {

  /**
   * The time for which a job may have no watcher before it is cancelled. The same time is allowed
   * between the creation of the job and its first watcher.
   */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ExternalStore store;
  private final EventBroadcast broadcast;
  private final Jobs jobs;

  /**
   * Cancels the unwatched jobs. If the database fails, this method throws the exception of the
   * database.
   */
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
