package dev.waybill.access;

/** Limits what a principal has at the same time on all pods. Thread-safe. */
public interface LimitAtOnce {

  /** The limits of the pod alone. */
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
   * Counts one more. A caller that is only known by its address has the limits of the pod. May wait
   * for a short time.
   *
   * @param id unique among all pods
   * @return false if the caller has all that it may have; then there is nothing to give back
   */
  boolean tryTake(AtOnce what, Caller caller, String id);

  /** Gives back what {@link #tryTake} counted. May run under any lock: returns at once. */
  void giveBack(AtOnce what, Caller caller, String id);
}
