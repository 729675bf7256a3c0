package dev.waybill.job;

import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Orders the queued jobs so that the callers are served in turn. The first queued job of each
 * caller goes before the second queued job of any caller. Among the first jobs of all callers, the
 * job of the caller that was served longest ago goes first. The same order applies to their second
 * jobs, and so on.
 *
 * <p>No caller waits for ever, because a caller that was just served goes behind the others. So at
 * most one job of each other caller starts before the next job of this caller starts. Every pod
 * computes the turns from the table of jobs once a second. So the turns need no repair after a
 * crash or a restart, and all pods get the same result, whichever pod writes the turns first. A job
 * that has already started keeps its place in the order for the next attempt.
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
      // Until the database answers again, the jobs are picked in their previous order.
      log.debug("Could not update the turns of the queued jobs", e);
    }
  }
}
