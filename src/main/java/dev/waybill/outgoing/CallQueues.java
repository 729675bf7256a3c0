package dev.waybill.outgoing;

import dev.waybill.event.Pod;
import dev.waybill.outgoing.CallQueue.Handler;
import dev.waybill.platform.Database;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Opens the queues of calls of this process, and starts and stops their threads. Thread-safe. */
@Slf4j
@Component
public class CallQueues implements SmartLifecycle {

  private final CallQueue.Surroundings surroundings;
  private final List<CallQueue> queues = new CopyOnWriteArrayList<>();
  private volatile boolean running;

  CallQueues(
      DataSource dataSource, JdbcClient jdbc, Environment environment, Pod pod, Clock clock) {
    this.surroundings =
        new CallQueue.Surroundings(dataSource, jdbc, Database.of(environment), pod, clock);
  }

  /**
   * Opens a queue. The queue starts no thread before its first call.
   *
   * @param table the name of a table in the format of db-scheduler; also the name of the threads
   * @param atOnce the maximum number of calls that this pod makes at the same time
   */
  public CallQueue open(String table, int atOnce, Handler handler) {
    CallQueue queue = new CallQueue(table, atOnce, handler, surroundings);
    queues.add(queue);
    return queue;
  }

  /** Starts queues in which an earlier process, or a pod that has died, has left calls. */
  @Scheduled(initialDelay = 10, fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  void startIfNeeded() {
    if (!running) {
      return;
    }
    for (CallQueue queue : queues) {
      try {
        queue.startIfNeeded();
      } catch (DataAccessException | TransactionException e) {
        log.debug("Could not look for calls that wait", e);
      } catch (RuntimeException e) {
        // Catches the failure, so that the other queues can still start.
        log.warn("A queue of calls could not be started, trying again", e);
      }
    }
  }

  @Override
  public void start() {
    running = true;
    startIfNeeded();
  }

  @Override
  public void stop() {
    running = false;
    // Begins the stop of all queues before the first wait. So all queues wait for their calls in
    // progress at the same time.
    queues.forEach(CallQueue::beginStop);
    queues.forEach(CallQueue::stop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Returns false, because a stopped scheduler cannot start again. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  /**
   * Stops after the jobs, so that the ends of the jobs are still sent. Stops before the streams.
   */
  @Override
  public int getPhase() {
    return SmartLifecycle.DEFAULT_PHASE - 101;
  }
}
