package dev.waybill.upload;

import dev.waybill.access.Caller;
import dev.waybill.access.CallerBudget;
import dev.waybill.problem.Problem;
import org.springframework.stereotype.Component;

/**
 * Counts the uploads in progress on this pod, and refuses those beyond the limits. Each holds
 * buffers for as long as its client likes, so clients that send a byte every few seconds could
 * otherwise fill the heap. Thread-safe.
 */
@Component
class OpenUploads {

  private static final int RETRY_SECONDS = 5;

  private final UploadLimits limits;
  private final CallerBudget budget;

  OpenUploads(UploadLimits limits) {
    this.limits = limits;
    budget = new CallerBudget(limits.open, limits.openPerCaller);
  }

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
  Place enter(Caller caller) {
    return switch (budget.take(caller)) {
      case TAKEN -> () -> budget.giveBack(caller);
      case CALLER_HAS_ALL_OF_ITS_OWN ->
          throw BusyProblems.quota(
              "%d of your uploads are in progress. Wait until one of them has ended."
                  .formatted(limits.openPerCaller),
              RETRY_SECONDS);
      case ALL_TAKEN ->
          throw BusyProblems.busy(
              "%d uploads are in progress. Try again later.".formatted(limits.open), RETRY_SECONDS);
    };
  }

  int count() {
    return budget.taken();
  }
}
