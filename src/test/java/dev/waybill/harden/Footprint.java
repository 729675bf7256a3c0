package dev.waybill.harden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The resources that the service uses at one moment.
 *
 * @param heap bytes alive after a full collection
 * @param logBytes written since its start
 */
record Footprint(long heap, long threads, long handles, long logBytes) {

  static Footprint of(ServiceUnderStress service) throws IOException, InterruptedException {
    return new Footprint(
        service.liveHeap(), service.threads(), service.fileHandles(), service.logBytes());
  }

  /**
   * Asserts that the last third of the measurements is no higher than the first third. Compares
   * their medians; for the log, compares the bytes that were written during each third.
   *
   * @param tolerance for random differences
   */
  static void assertFlat(List<Footprint> taken, Footprint tolerance) {
    int third = Math.max(1, taken.size() / 3);
    List<Footprint> first = taken.subList(0, third);
    List<Footprint> last = taken.subList(taken.size() - third, taken.size());
    assertFlat("heap", Footprint::heap, first, last, tolerance);
    assertFlat("threads", Footprint::threads, first, last, tolerance);
    assertFlat("file handles", Footprint::handles, first, last, tolerance);
    // The log varies more than the rest.
    assertThat(written(last))
        .as("bytes logged")
        .isLessThanOrEqualTo(written(first) * 3 / 2 + tolerance.logBytes());
  }

  /** Asserts that this is no more than another one plus a tolerance. Ignores the log. */
  void assertAtMost(Footprint other, Footprint tolerance) {
    assertThat(heap).as("heap").isLessThanOrEqualTo(other.heap + tolerance.heap);
    assertThat(threads).as("threads").isLessThanOrEqualTo(other.threads + tolerance.threads);
    assertThat(handles).as("file handles").isLessThanOrEqualTo(other.handles + tolerance.handles);
  }

  private static void assertFlat(
      String what,
      ToLongFunction<Footprint> amount,
      List<Footprint> first,
      List<Footprint> last,
      Footprint tolerance) {
    assertThat(median(last, amount))
        .as(what)
        .isLessThanOrEqualTo(median(first, amount) + amount.applyAsLong(tolerance));
  }

  private static long median(List<Footprint> taken, ToLongFunction<Footprint> amount) {
    return taken.stream()
        .mapToLong(amount)
        .sorted()
        .skip(taken.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /** How much the log grew between the first and the last measurement. */
  private static long written(List<Footprint> taken) {
    return taken.getLast().logBytes() - taken.getFirst().logBytes();
  }

  @Override
  public String toString() {
    return "heap %d MB, %d threads, %d handles, log %d KB"
        .formatted(heap >> 20, threads, handles, logBytes >> 10);
  }
}
