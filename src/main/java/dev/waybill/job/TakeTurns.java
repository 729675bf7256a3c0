package dev.waybill.job;

import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Orders the queued jobs so that callers take turns. The first queued job of each caller is picked
 * before the second queued job of any caller. Among the first jobs of all callers, the job of the
 * caller whose last job started longest ago is picked first. The same order applies to the second
 * jobs of all callers, and so on.
 *
 * <p>No caller waits for ever, because a caller whose job has just started is served after the
 * other callers. So at most one job of each other caller starts before the next job of this caller
 * starts. Every pod computes the turns from the table of jobs once a second. So the turns need no
 * repair after a crash or a restart. All pods compute the same turns, so it does not matter which
 * pod writes the turns first. A job that has already started keeps its place in the order for the
 * next attempt.
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
      // Only logs the failure. Until the database answers again, the pods pick the jobs in their
      // previous order.
      log.debug("Could not update the turns of the queued jobs", e);
    }
  }
}
