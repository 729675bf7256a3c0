package dev.waybill.access;

/**
 * Counts what a caller has at the same time on all pods, such as open streams. The limits of each
 * single pod apply as well. Thread-safe.
 */
public interface PlaceCounter {

  /** Counts nothing. Used with a single pod, whose own limits are enough. */
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
   * Counts one more. May wait for a short time.
   *
   * @param of names what is counted and the caller for which it is counted
   * @param id identifies the counted thing; unique among all pods
   * @param limit the maximum number that the caller may have at the same time, 1 or more
   * @return false if the limit is reached; then nothing must be given back
   */
  boolean tryTake(String of, String id, int limit);

  /** Gives back what {@link #tryTake} counted. Never waits, so it may be called under any lock. */
  void giveBack(String of, String id);
}
