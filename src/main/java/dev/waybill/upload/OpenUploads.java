package dev.waybill.upload;

import dev.waybill.access.AtOnce;
import dev.waybill.access.Caller;
import dev.waybill.access.CallerBudget;
import dev.waybill.access.LimitAtOnce;
import dev.waybill.access.Quotas;
import dev.waybill.access.RefuseByQuota;
import dev.waybill.problem.Problem;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts the uploads in progress: all uploads on this pod, and the uploads of each principal on all
 * pods. Refuses uploads beyond the limits. An upload occupies buffers until its client ends the
 * upload. Without limits, clients that send one byte every few seconds could fill the heap.
 * Thread-safe.
 */
@Component
class OpenUploads {

  private static final int RETRY_SECONDS = 5;

  private final UploadLimits limits;
  private final int ofPrincipal;
  private final CallerBudget budget;
  private final CallerBudget principals;
  private final RefuseByQuota quotas;
  private final LimitAtOnce atOnce;

  @Autowired
  OpenUploads(UploadLimits limits, Quotas quotas) {
    this(limits, quotas.uploadsAtOnce(limits.openPerCaller), quotas, quotas);
  }

  /**
   * @param ofPrincipal the number of uploads of one principal that may be in progress, at least 1
   * @param atOnce enforces the limit of a principal over all pods
   */
  OpenUploads(UploadLimits limits, int ofPrincipal, RefuseByQuota quotas, LimitAtOnce atOnce) {
    this.quotas = quotas;
    this.atOnce = atOnce;
    this.limits = limits;
    this.ofPrincipal = ofPrincipal;
    budget = new CallerBudget(limits.open, limits.openPerCaller);
    principals = new CallerBudget(limits.open, ofPrincipal);
  }

  /** An upload in progress. The upload is counted until this object is closed. */
  interface Place extends AutoCloseable {

    @Override
    void close();
  }

  /**
   * Counts one more upload in progress.
   *
   * @throws Problem 503 {@code busy} or 429 {@code quota} if a limit is reached
   */
  Place enter(Caller caller) {
    if (caller.isAddress()) {
      return enter(budget, caller, limits.openPerCaller);
    }
    // Counts the upload against both budgets, the budget of the principal and the budget of the
    // pod, because the limit of the pod applies to every upload.
    Place own = enter(principals, caller, ofPrincipal);
    Place here = orGiveBack(own, () -> enter(budget, caller, limits.openPerCaller));
    return orGiveBack(here, () -> enterOnAllPods(caller));
  }

  private Place enterOnAllPods(Caller caller) {
    String id = UUID.randomUUID().toString();
    if (!atOnce.tryTake(AtOnce.UPLOADS, caller, id)) {
      // Makes the problem without counting it, because atOnce has already counted this refusal.
      throw callerHasAll(RefuseByQuota.UNCOUNTED, ofPrincipal);
    }
    return () -> atOnce.giveBack(AtOnce.UPLOADS, caller, id);
  }

  /**
   * Combines a place with a second place. If the second place is refused, releases the first place.
   */
  private static Place orGiveBack(Place before, Supplier<Place> next) {
    Place place = null;
    try {
      place = next.get();
    } finally {
      if (place == null) {
        before.close();
      }
    }
    Place both = place;
    return () -> {
      both.close();
      before.close();
    };
  }

  private Place enter(CallerBudget from, Caller caller, int most) {
    return switch (from.take(caller)) {
      case TAKEN -> () -> from.giveBack(caller);
      case CALLER_HAS_ALL_OF_ITS_OWN -> throw callerHasAll(quotas, most);
      case ALL_TAKEN ->
          throw BusyProblems.busy(
              "%d uploads are in progress. Try again later.".formatted(limits.open), RETRY_SECONDS);
    };
  }

  private static Problem callerHasAll(RefuseByQuota quotas, int most) {
    return quotas.refuse(
        AtOnce.UPLOADS.quota(),
        most,
        RETRY_SECONDS,
        "%d of your uploads are in progress. Wait until one of them has ended.".formatted(most));
  }

  int count() {
    return budget.taken();
  }
}
