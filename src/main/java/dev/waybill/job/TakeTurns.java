package dev.waybill.job;

import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Lets the callers take turns. The first queued job of each caller goes before the second one of
 * any. Among jobs of the same round, the caller that was served longest ago goes first.
 *
 * <p>Nobody starves: each time that another caller is served, it falls behind, so a job waits for
 * at most one job of each other caller before the next job of its own caller starts. The turns are
 * derived from the table of jobs once a second by every pod. So they need no repair after a crash
 * or a restart, and all pods come to the same result, whatever the order of their updates. A job
 * that has started keeps its precedence in the next attempt.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class TakeTurns {

  private final JobStore store;
  private final ScheduledTasks tasks;

  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void moveUp() {
    try {
      tasks.setTurns(store.turns());
    } catch (DataAccessException e) {
      // The jobs are picked in the order of before until the database answers again.
      log.debug("Could not update the turns of the queued jobs", e);
    }
  }
}
