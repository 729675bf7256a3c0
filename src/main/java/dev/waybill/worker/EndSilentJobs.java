package dev.waybill.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Ends jobs whose worker is silent for too long, and cancelled jobs whose worker has not ended them
 * in time. Every pod searches for jobs of these two sorts. The lock on a job's row ensures that
 * only one pod ends the job.
 *
 * <p>While no pod runs, or no pod reaches the database, workers cannot report. The time of such an
 * outage does not count as silence of a worker. To detect an outage, each round stores its time in
 * the database. If the pause between two rounds was too long, every job gets its full permitted
 * silence again.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class EndSilentJobs {

  /**
   * The maximum time between two rounds of one pod without an outage. A round itself takes much
   * less time.
   */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /**
   * If the stored time is older than this limit, the stored time is only the initial value, and the
   * service runs for the first time.
   */
  private static final long FIRST_ROUND_EVER = Duration.ofDays(3650).toMillis();

  private static final int JOBS_A_ROUND = 200;

  private final ExternalStore store;
  private final ApplyReports applyReports;
  private final CancelUnwatched cancelUnwatched;
  private final TransactionOperations transactions;

  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  void endSilentJobs() {
    try {
      if (!store.hasOpen()) {
        return; // without open external jobs, the service writes nothing
      }
      Long pause = transactions.execute(_ -> store.heartbeat(LONGEST_PAUSE.toMillis()));
      if (pause != null && pause > 0 && pause < FIRST_ROUND_EVER) {
        log.info(
            "No pod could accept reports for {} s; the silence of all workers starts again",
            pause / 1000);
      }
      endDue(store.due(JOBS_A_ROUND));
      // Cancels unwatched jobs only after the heartbeat. After an outage, the heartbeat extends the
      // deadlines, so that watchers have time to reconnect.
      cancelUnwatched.cancelUnwatched();
    } catch (DataAccessException | TransactionException e) {
      log.debug("Could not look for silent workers", e);
    }
  }

  private void endDue(List<String> due) {
    for (String jobId : due) {
      try {
        applyReports.endIfDue(jobId);
      } catch (DataAccessException | TransactionException e) {
        log.debug("Job {}: could not end it; the next round tries again", jobId, e);
      }
    }
  }
}
