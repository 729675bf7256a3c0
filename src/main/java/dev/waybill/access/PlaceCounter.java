package dev.waybill.access;

/**
 * Counts the resources, such as open streams, that a caller has at the same time on all pods. The
 * limits of each single pod apply as well. Thread-safe.
 */
public interface PlaceCounter {

  /**
   * An implementation that counts nothing. Used with a single pod, because the pod's own limits are
   * enough.
   */
  PlaceCounter ONE_POD =
      new PlaceCounter() {
        @Override
        public boolean tryTake(String of, String id, int limit) {
          return true;
        }

        @Override
        public void giveBack(String of, String id) {}
      };

  /**
   * Counts one more resource. Can wait for a short time.
   *
   * @param of names the caller and the kind of the resource, joined in one string
   * @param id the ID of the resource, unique among all pods
   * @param limit the maximum number that the caller may have at the same time, 1 or more
   * @return false if the limit is reached; then nothing was counted, and {@link #giveBack} must not
   *     be called
   */
  boolean tryTake(String of, String id, int limit);

  /**
   * Stops counting a resource that {@link #tryTake} has counted. Never waits, so callers may hold
   * any lock.
   */
  void giveBack(String of, String id);
}
