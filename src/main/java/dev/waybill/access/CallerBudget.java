package dev.waybill.access;

import java.util.HashMap;
import java.util.Map;
import lombok.Locked;

/**
 * Limits how many resources of one kind exist at the same time, in total and for each caller. So no
 * single caller can take all resources. Each successful {@link #tryTake} needs one {@link
 * #giveBack}. Thread-safe.
 */
public final class CallerBudget {

  /** The outcome of a request for one more resource. */
  public enum Result {
    TAKEN,
    CALLER_HAS_ALL_OF_ITS_OWN,
    ALL_TAKEN
  }

  private final int most;
  private final int mostPerCaller;

  // Guarded by @Locked.
  private final Map<Caller, Integer> takenBy = new HashMap<>();
  private int taken;

  /**
   * @param most the limit for all callers together, at least 1
   * @param mostPerCaller the limit for one caller, at least 1
   */
  public CallerBudget(int most, int mostPerCaller) {
    if (most < 1 || mostPerCaller < 1) {
      throw new IllegalArgumentException(
          "A budget needs at least 1, not %d and %d for each caller"
              .formatted(most, mostPerCaller));
    }
    this.most = most;
    this.mostPerCaller = mostPerCaller;
  }

  /**
   * Counts one more resource for this caller, if the limits allow one more.
   *
   * @return false if a limit is reached; then nothing was counted, and {@link #giveBack} must not
   *     be called
   */
  public boolean tryTake(Caller caller) {
    return take(caller) == Result.TAKEN;
  }

  /**
   * Does the same as {@link #tryTake}, and returns which limit is reached. If both limits are
   * reached, returns the limit of the caller.
   */
  @Locked
  public Result take(Caller caller) {
    int own = takenBy.getOrDefault(caller, 0);
    if (own >= mostPerCaller) {
      return Result.CALLER_HAS_ALL_OF_ITS_OWN;
    }
    if (taken >= most) {
      return Result.ALL_TAKEN;
    }
    takenBy.put(caller, own + 1);
    taken++;
    return Result.TAKEN;
  }

  /** Stops counting one resource that {@link #tryTake} has counted for this caller. */
  @Locked
  public void giveBack(Caller caller) {
    if (!takenBy.containsKey(caller)) {
      throw new IllegalStateException("given back more often than taken: " + caller);
    }
    takenBy.computeIfPresent(caller, (_, own) -> own > 1 ? own - 1 : null);
    taken--;
  }

  /** The number of resources that all callers together have now. */
  @Locked
  public int taken() {
    return taken;
  }
}
