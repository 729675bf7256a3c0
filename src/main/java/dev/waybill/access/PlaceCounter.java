package dev.waybill.access;

/**
 * Counts what a caller has at the same time on all pods, such as open streams. The limits of the
 * pod itself apply beside it. Thread-safe.
 */
public interface PlaceCounter {

  /** For a single pod, whose own limits are enough. */
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
   * Takes one place. May wait for a short time.
   *
   * @param of what is counted, and of which caller
   * @param id of the place, unique among all pods
   * @param limit how many the caller may have at once, 1 or more
   * @return false if none is left; then there is nothing to give back
   */
  boolean tryTake(String of, String id, int limit);

  /** Gives back a place that {@link #tryTake} gave. May run under any lock: returns at once. */
  void giveBack(String of, String id);
}
