package dev.waybill.worker;

import dev.waybill.access.Caller;
import dev.waybill.access.CallerBudget;
import dev.waybill.access.RefuseByQuota;
import dev.waybill.platform.HeapBudget;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The open requests on this pod in whose bodies workers send reports. A request that waits for its
 * next report ends if its job is cancelled or if a newer request of the worker arrives, on any pod.
 * Thread-safe.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class OpenBodies {

  private static final double HEAP_SHARE = 0.08;

  /**
   * The memory that one request needs, in bytes. This memory includes the buffers of the request,
   * the reports that are read together, and the events that are made from these reports.
   */
  private static final int BYTES_EACH = 1 << 19;

  private static final int MOST = 1000;
  private static final int RETRY_SECONDS = 30;

  private final ExternalStore store;
  private final int most = HeapBudget.ofThisProcess().count(HEAP_SHARE, BYTES_EACH, MOST);
  private final int mostOfCaller = Math.max(1, most / 2);
  private final CallerBudget budget = new CallerBudget(most, mostOfCaller);

  /** The open requests by their IDs. */
  private final Map<String, Body> open = new ConcurrentHashMap<>();

  /** One open request in whose body a worker sends reports. */
  final class Body implements AutoCloseable {

    private final String id = UUID.randomUUID().toString();
    private final String jobId;
    private final Caller caller;
    private volatile boolean ended;
    private volatile boolean holds;

    private Body(String jobId, Caller caller) {
      this.jobId = jobId;
      this.caller = caller;
    }

    String id() {
      return id;
    }

    /** Makes this request the only request, on all pods, that may report to its job. */
    void hold() {
      store.openBody(jobId, id);
      holds = true;
    }

    /**
     * Whether the request must be answered now, even if the worker wants to send further reports.
     */
    boolean isEnded() {
      return ended;
    }

    @Override
    public void close() {
      open.remove(id);
      budget.giveBack(caller);
    }
  }

  /**
   * Registers a request.
   *
   * @throws dev.waybill.problem.Problem if too many requests are open
   */
  Body open(String jobId, Caller caller) {
    switch (budget.take(caller)) {
      case TAKEN -> {}
      case CALLER_HAS_ALL_OF_ITS_OWN ->
          throw RefuseByQuota.problem(
              "reports-at-once",
              mostOfCaller,
              RETRY_SECONDS,
              "Too many of your workers report at this moment.");
      case ALL_TAKEN -> throw WorkerProblems.busy("Too many workers report at this moment.");
    }
    Body body = new Body(jobId, caller);
    open.values().stream()
        .filter(older -> older.jobId.equals(jobId))
        .forEach(older -> older.ended = true);
    open.put(body.id, body);
    return body;
  }

  /**
   * Ends the requests that must not report any more. Checks all open requests with a single query.
   */
  @Scheduled(fixedDelay = 200, timeUnit = TimeUnit.MILLISECONDS)
  void endOvertaken() {
    Collection<Body> now = open.values().stream().filter(body -> body.holds).toList();
    if (now.isEmpty()) {
      return;
    }
    try {
      Map<String, Optional<String>> bodies =
          store.bodies(now.stream().map(body -> body.jobId).distinct().toList());
      for (Body body : now) {
        Optional<String> holder = bodies.get(body.jobId);
        if (holder == null || !holder.equals(Optional.of(body.id))) {
          body.ended = true;
        }
      }
    } catch (DataAccessException e) {
      log.debug("Could not ask which requests may still report", e);
    }
  }
}
