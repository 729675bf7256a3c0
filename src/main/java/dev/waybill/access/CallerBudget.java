package dev.waybill.access;

import java.util.HashMap;
import java.util.Map;
import lombok.Locked;

/**
 * Limits how many things of one kind exist at once, in all and for each caller, so that no caller
 * can take all of them. Each successful {@link #tryTake} needs one {@link #giveBack}. Safe for use
 * by many threads.
 */
public final class CallerBudget {

  /** The outcome of asking for one more. */
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
   * @param most at once, at least 1
   * @param mostPerCaller at once for one caller, at least 1
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
   * Takes one.
   *
   * @return false if none is left for this caller; then nothing is to be returned
   */
  public boolean tryTake(Caller caller) {
    return take(caller) == Result.TAKEN;
  }

  /**
   * Does the same as {@link #tryTake}, and says which limit is reached. If both are, it is the
   * limit of the caller.
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

  /** Returns one that {@link #tryTake} gave to this caller. */
  @Locked
  public void giveBack(Caller caller) {
    if (!takenBy.containsKey(caller)) {
      throw new IllegalStateException("given back more often than taken: " + caller);
    }
    takenBy.computeIfPresent(caller, (_, own) -> own > 1 ? own - 1 : null);
    taken--;
  }

  /** How many are taken now. */
  @Locked
  public int taken() {
    return taken;
  }
}
