package dev.waybill.upload;

import dev.waybill.access.Caller;
import dev.waybill.problem.Problem;
import java.util.HashMap;
import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Counts the uploads in progress on this pod, and refuses those beyond the limits. Each holds
 * buffers for as long as its client likes, so clients that send a byte every few seconds could
 * otherwise fill the heap. Thread-safe.
 */
@Component
@RequiredArgsConstructor
class OpenUploads {

  private static final int RETRY_SECONDS = 5;

  private final UploadLimits limits;

  private final Map<Caller, Integer> byCaller = new HashMap<>(); // guarded by this
  private int all; // guarded by this

  /** An upload that is counted until it is closed. */
  interface Place extends AutoCloseable {

    @Override
    void close();
  }

  /**
   * Counts one more upload.
   *
   * @throws Problem 503 {@code busy} or 429 {@code quota}
   */
  synchronized Place enter(Caller caller) {
    if (byCaller.getOrDefault(caller, 0) >= limits.openPerCaller) {
      throw BusyProblems.quota(
          "%d of your uploads are in progress. Wait until one of them has ended."
              .formatted(limits.openPerCaller),
          RETRY_SECONDS);
    }
    if (all >= limits.open) {
      throw BusyProblems.busy(
          "%d uploads are in progress. Try again later.".formatted(limits.open), RETRY_SECONDS);
    }
    byCaller.merge(caller, 1, Integer::sum);
    all++;
    return () -> leave(caller);
  }

  private synchronized void leave(Caller caller) {
    byCaller.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    all--;
  }

  synchronized int count() {
    return all;
  }
}
