package dev.waybill.access;

/** Limits how many things a principal has at the same time, counted over all pods. Thread-safe. */
public interface LimitAtOnce {

  /** Has no common limit for all pods. Only the limits of each single pod apply. */
  LimitAtOnce NONE =
      new LimitAtOnce() {
        @Override
        public boolean tryTake(AtOnce what, Caller caller, String id) {
          return true;
        }

        @Override
        public void giveBack(AtOnce what, Caller caller, String id) {}
      };

  /**
   * Counts one more. A caller that is only known by its address is not counted, because only the
   * limits of the pod apply to it. May wait for a short time.
   *
   * @param id identifies what is counted; unique among all pods
   * @return false if the caller has reached its limit; then nothing must be given back
   */
  boolean tryTake(AtOnce what, Caller caller, String id);

  /** Gives back what {@link #tryTake} counted. Never waits, so it may be called under any lock. */
  void giveBack(AtOnce what, Caller caller, String id);
}
