package dev.waybill.outgoing;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.waybill.event.Pod;
import dev.waybill.platform.Database;
import dev.waybill.platform.ScopedLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import lombok.Locked;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A queue of calls to other servers, in a separate table of db-scheduler. A call that is queued in
 * a transaction exists only if the transaction commits. Any pod with a free thread makes the call.
 * If the pod dies during the call, another pod makes the call again.
 *
 * <p>Calls do not use the queue of jobs. The queue of jobs has only a few threads, and each thread
 * can run an import for minutes. A call only waits some seconds for a slow server.
 *
 * <p>Starts no thread before the first call. Thread-safe.
 */
@Slf4j
public final class CallQueue {

  private static final Duration POLLING = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final int MISSED_HEARTBEATS = 4;
  private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);
  private static final int IDLE_SECONDS = 30;
  private static final double LOWER_LIMIT = 0.5;

  private final String table;
  private final int atOnce;
  private final Handler handler;
  private final Surroundings surroundings;
  private final DataSource dataSource;
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  private final ScopedLock lock = new ScopedLock();
  private @Nullable SchedulerClient client; // guarded by lock
  private @Nullable Scheduler scheduler; // guarded by lock
  private boolean stopped; // guarded by lock

  /** The services of this process that every queue needs. */
  record Surroundings(
      DataSource dataSource, JdbcClient jdbc, Database database, Pod pod, Clock clock) {}

  /** Makes the calls of the queue. */
  @FunctionalInterface
  public interface Handler {

    /**
     * Makes a call. If the call is not needed any more, does nothing. After a crash, the same call
     * is made again.
     *
     * @return the pause before the next call; null if no further call is needed
     */
    @Nullable Duration call(String id);

    /**
     * Whether the next call is made immediately instead of after its pause. The queue calls this
     * method after it has stored the next call. While a pod makes a call, {@link #hurry} queues no
     * other call. So this method must return true if {@link #hurry} was called during the last
     * call.
     */
    default boolean isDueAtOnce(String id, Duration pause) {
      return false;
    }

    /**
     * Whether another call must be made although {@link #call} has returned null. The queue calls
     * this method before it removes the call. This method is needed because {@link #hurry} queues
     * no other call while a pod makes this call.
     */
    default boolean isQueuedAgain(String id) {
      return false;
    }

    /**
     * Whether this pod makes the calls that an earlier process or another pod has left in the
     * queue. If it does not, other pods make these calls.
     */
    default boolean makesCallsOfOthers() {
      return true;
    }

    /**
     * Called when the service stops, before the queue waits for the calls in progress. Can be
     * called twice.
     */
    default void stopping() {}
  }

  /**
   * @param table the name of a table in the format of db-scheduler; also the name of the threads
   * @param atOnce the maximum number of calls that this pod makes at the same time
   */
  CallQueue(String table, int atOnce, Handler handler, Surroundings surroundings) {
    this.table = table;
    this.atOnce = atOnce;
    this.handler = handler;
    this.surroundings = surroundings;
    this.dataSource = new TransactionAwareDataSourceProxy(surroundings.dataSource());
  }

  /** Queues a call in the open transaction. Does nothing if the call is already queued. */
  public void enqueue(String id) {
    client().scheduleIfNotExists(instance(id), surroundings.clock().instant());
    startAfterCommit();
  }

  /**
   * Makes a call due now. If the call is not queued, queues it first. If a pod is making the call
   * at this moment, the handler decides after the call whether the pod makes the call again ({@link
   * Handler#isDueAtOnce}, {@link Handler#isQueuedAgain}). This method joins the open transaction.
   * The pod cannot record the end of the call before this transaction has ended.
   */
  public void hurry(String id) {
    // Locks the row of the call. Without this lock, PostgreSQL would let the pod that makes the
    // call end and remove it. The pod cannot see the changes of this transaction before the commit.
    surroundings
        .jdbc()
        .sql("UPDATE %s SET picked = picked WHERE task_instance = ?".formatted(table))
        .params(id)
        .update();
    surroundings
        .jdbc()
        .sql("DELETE FROM %s WHERE task_instance = ? AND picked = ?".formatted(table))
        .params(id, false)
        .update();
    enqueue(id);
  }

  /** Starts this pod's threads if an earlier process or another pod has queued calls. */
  @Locked("lock")
  void startIfNeeded() {
    if (scheduler == null && !stopped && handler.makesCallsOfOthers() && hasCalls()) {
      if (surroundings.database() == Database.SQLITE) {
        takeBackAll();
      }
      start();
    }
  }

  private boolean hasCalls() {
    return !surroundings
        .jdbc()
        .sql("SELECT 1 FROM %s LIMIT 1".formatted(table))
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /**
   * Returns all calls that an earlier process was making to the queue. With SQLite there is only
   * one machine, and this process holds the lock on the data folder. So the earlier process must be
   * dead.
   */
  private void takeBackAll() {
    surroundings
        .jdbc()
        .sql(
            """
            UPDATE %s SET picked = ?, picked_by = NULL, last_heartbeat = NULL, version = version + 1
            WHERE picked = ?
            """
                .formatted(table))
        .params(false, true)
        .update();
  }

  private void startAfterCommit() {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            // Wakes the scheduler after the commit, because it can pick only a committed row.
            // Without this call, the queued call would wait until the scheduler polls again.
            wake();
          }
        });
  }

  @Locked("lock")
  private void wake() {
    if (stopped) {
      return;
    }
    if (scheduler == null) {
      start();
    }
    if (scheduler != null) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  @Locked("lock")
  private void start() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(table + "-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
    SchedulerBuilder builder =
        Scheduler.create(dataSource, task())
            .tableName(table)
            .threads(atOnce)
            .executorService(threads)
            .schedulerName(new SchedulerName.Fixed(surroundings.pod().id()))
            .pollingInterval(POLLING)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .shutdownMaxWait(PATIENCE_AT_STOP);
    scheduler =
        (surroundings.database() == Database.POSTGRES
                ? builder.pollUsingLockAndFetch(LOWER_LIMIT, 1)
                : builder)
            .build();
    scheduler.start();
  }

  private Task<Void> task() {
    DeadExecutionHandler<Void> revive = new DeadExecutionHandler.ReviveDeadExecution<>();
    return Tasks.custom(table, Void.class)
        .onFailure(
            (failed, operations) -> {
              log.warn(
                  "Call {} of {} could not be made or recorded, trying again",
                  failed.getExecution().taskInstance.getId(),
                  table,
                  failed.getCause().orElse(null));
              operations.reschedule(failed, now().plus(PAUSE_AFTER_FAILURE));
            })
        .onDeadExecution(
            (dead, operations) -> {
              // If the whole process was frozen, the scheduler considers the calls of this process
              // dead, although they are still running.
              if (!running.contains(dead.getExecution().taskInstance.getId())) {
                revive.deadExecution(dead, operations);
              }
            })
        .execute((instance, _) -> call(instance.getId()));
  }

  private CompletionHandler<Void> call(String id) {
    running.add(id);
    try {
      Duration pause = handler.call(id);
      return pause == null
          ? (complete, operations) -> end(id, complete, operations)
          : (complete, operations) -> {
            operations.reschedule(complete, now().plus(pause));
            if (handler.isDueAtOnce(id, pause)) {
              makeDue(id);
            }
          };
    } finally {
      running.remove(id);
    }
  }

  /**
   * Removes a call, unless another call is needed. The check and the removal must not be in one
   * transaction. A request that arrives between the check and the removal would still find the call
   * in the table, and would therefore not queue it. So this method first makes the call due later.
   * After that, {@link #hurry} can queue the call again. If the process dies before the removal,
   * the handler is called again and decides whether the call is still needed.
   */
  private void end(String id, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    Instant later = now().plus(PAUSE_AFTER_FAILURE).truncatedTo(ChronoUnit.MILLIS);
    operations.reschedule(complete, later);
    if (handler.isQueuedAgain(id)) {
      makeDue(id);
    } else {
      removeUnlessQueuedAgain(id, complete.getExecution().version + 1, later);
    }
  }

  /**
   * Removes a call if it was not queued again and no pod is making it. Compares the version of the
   * row and also the time at which the call is due. A call that was queued again and then
   * rescheduled can have the same version.
   */
  private void removeUnlessQueuedAgain(String id, long version, Instant due) {
    surroundings
        .jdbc()
        .sql(
            "DELETE FROM %s WHERE task_instance = ? AND picked = ? AND version = ? AND execution_time = ?"
                .formatted(table))
        .params(
            id,
            false,
            version,
            surroundings.database() == Database.SQLITE
                ? due.toEpochMilli()
                : due.atOffset(ZoneOffset.UTC))
        .update();
  }

  private void makeDue(String id) {
    try {
      client().reschedule(instance(id), now());
    } catch (TaskInstanceException e) {
      log.debug("Call {} of {} is made already", id, table, e);
    }
  }

  private Instant now() {
    return surroundings.clock().instant();
  }

  /**
   * Waits a short time for the calls in progress. Another pod repeats the calls that are still
   * unfinished after this time.
   */
  void stop() {
    beginStop();
    Scheduler started;
    try (var _ = lock.hold()) {
      started = scheduler;
    }
    if (started != null) {
      started.stop();
    }
  }

  /**
   * From now on, starts no threads. Also makes the handler end the calls in progress that should
   * not delay the stop.
   */
  void beginStop() {
    try (var _ = lock.hold()) {
      stopped = true;
    }
    handler.stopping();
  }

  @Locked("lock")
  private SchedulerClient client() {
    if (client == null) {
      client = SchedulerClient.Builder.create(dataSource, task()).tableName(table).build();
    }
    return client;
  }

  private TaskInstance<Void> instance(String id) {
    return new TaskInstance<>(TaskInstanceId.of(table, id).getTaskName(), id);
  }
}
