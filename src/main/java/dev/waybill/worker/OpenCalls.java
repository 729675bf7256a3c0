package dev.waybill.worker;

import dev.waybill.outgoing.OpenCall;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The calls to workers that this pod is currently making. Waybill closes a call when the job of the
 * call is cancelled on any pod, when the job ends, or when the call takes too long. Thread-safe.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class OpenCalls {

  private record Open(OpenCall call, long startNanos, Duration most) {}

  private final ExternalStore store;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  void add(String jobId, OpenCall call, Duration most) {
    open.put(jobId, new Open(call, System.nanoTime(), most));
  }

  void remove(String jobId) {
    open.remove(jobId);
  }

  /** Closes the calls that are no longer needed. Checks all open calls with a single query. */
  @Scheduled(fixedDelay = 200, timeUnit = TimeUnit.MILLISECONDS)
  void closeWhatIsOver() {
    if (open.isEmpty()) {
      return;
    }
    open.values().stream()
        .filter(each -> System.nanoTime() - each.startNanos() > each.most().toNanos())
        .forEach(each -> each.call().abort());
    try {
      Set<String> asked = Set.copyOf(open.keySet());
      Set<String> running = asked.isEmpty() ? Set.of() : store.bodies(asked).keySet();
      for (String jobId : asked) {
        Open over = running.contains(jobId) ? null : open.get(jobId);
        if (over != null) {
          over.call().abort();
        }
      }
    } catch (DataAccessException e) {
      log.debug("Could not ask which calls are over", e);
    }
  }

  void closeAll() {
    open.values().forEach(each -> each.call().abort());
  }
}
