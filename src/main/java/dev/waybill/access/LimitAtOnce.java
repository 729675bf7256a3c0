package dev.waybill.access;

/**
 * Limits how many resources, such as open streams, a principal has at the same time. A principal is
 * the holder of a key or JWT. The limit counts over all pods. Thread-safe.
 */
public interface LimitAtOnce {

  /**
   * An implementation without a common limit for all pods. Only the limits of each single pod
   * apply.
   */
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
   * Counts one more resource of the caller. A caller that is only known by its address is not
   * counted, because only the limits of the pod apply to such a caller. Can wait for a short time.
   *
   * @param id the ID of the counted resource; unique among all pods
   * @return false if the caller has reached its limit; then nothing was counted, and {@link
   *     #giveBack} must not be called
   */
  boolean tryTake(AtOnce what, Caller caller, String id);

  /**
   * Stops counting a resource that {@link #tryTake} has counted. Never waits, so callers may hold
   * any lock.
   */
  void giveBack(AtOnce what, Caller caller, String id);
}
