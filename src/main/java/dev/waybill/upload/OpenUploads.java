package dev.waybill.upload;

import dev.waybill.access.Caller;
import dev.waybill.access.CallerBudget;
import dev.waybill.access.Quotas;
import dev.waybill.access.RefuseByQuota;
import dev.waybill.problem.Problem;
import org.springframework.beans.factory.annotation.Autowired;
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
  private final int ofPrincipal;
  private final CallerBudget budget;
  private final CallerBudget principals;
  private final RefuseByQuota quotas;

  @Autowired
  OpenUploads(UploadLimits limits, Quotas quotas) {
    this(limits, quotas.uploadsAtOnce(limits.openPerCaller), quotas);
  }

  /**
   * @param ofPrincipal how many uploads of one principal may be in progress, at least 1
   */
  OpenUploads(UploadLimits limits, int ofPrincipal, RefuseByQuota quotas) {
    this.quotas = quotas;
    this.limits = limits;
    this.ofPrincipal = ofPrincipal;
    budget = new CallerBudget(limits.open, limits.openPerCaller);
    principals = new CallerBudget(limits.open, ofPrincipal);
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
    if (caller.isAddress()) {
      return enter(budget, caller, limits.openPerCaller);
    }
    // Of both: the limit of the pod counts every upload.
    Place own = enter(principals, caller, ofPrincipal);
    Place place = null;
    try {
      place = enter(budget, caller, limits.openPerCaller);
    } finally {
      if (place == null) {
        own.close();
      }
    }
    Place inAll = place;
    return () -> {
      inAll.close();
      own.close();
    };
  }

  private Place enter(CallerBudget from, Caller caller, int most) {
    return switch (from.take(caller)) {
      case TAKEN -> () -> from.giveBack(caller);
      case CALLER_HAS_ALL_OF_ITS_OWN ->
          throw quotas.refuse(
              "uploads-at-once",
              most,
              RETRY_SECONDS,
              "%d of your uploads are in progress. Wait until one of them has ended."
                  .formatted(most));
      case ALL_TAKEN ->
          throw BusyProblems.busy(
              "%d uploads are in progress. Try again later.".formatted(limits.open), RETRY_SECONDS);
    };
  }

  int count() {
    return budget.taken();
  }
}
