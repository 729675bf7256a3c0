package dev.waybill.csvimport;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The causes of rejections of a job, counted over the chunks so far. There are only a few more
 * causes than columns, because an attribute has only one error code, and each of the ten fields has
 * a few error codes. Immutable.
 *
 * @param byKey the sums by cause, in the order in which the causes first occurred
 */
record CauseSums(Map<CauseKey, CauseSum> byKey) {

  /** The code of the entry that adds up all causes after the first {@link #SHOWN} causes. */
  static final String OTHER = "other";

  /**
   * The maximum number of causes that clients see one by one. The causes that occurred first are
   * shown.
   */
  static final int SHOWN = 1000;

  private static final Comparator<CauseSum> MOST_FREQUENT =
      Comparator.comparingLong(CauseSum::count).reversed().thenComparingInt(CauseSum::place);

  static CauseSums of(List<CauseSum> sums) {
    Map<CauseKey, CauseSum> byKey = new LinkedHashMap<>();
    sums.forEach(sum -> byKey.put(sum.key(), sum));
    return new CauseSums(Collections.unmodifiableMap(byKey));
  }

  CauseSums plus(ChunkCauses chunk) {
    Map<CauseKey, CauseSum> sums = new LinkedHashMap<>(byKey);
    chunk
        .tallies()
        .forEach(
            (key, tally) -> {
              CauseSum before = sums.get(key);
              CauseSum start =
                  before == null ? new CauseSum(sums.size() + 1, key, 0, 0, List.of()) : before;
              sums.put(key, start.plus(tally));
            });
    return new CauseSums(Collections.unmodifiableMap(sums));
  }

  /** The new sums of the causes that occur in this chunk. */
  List<CauseSum> of(ChunkCauses chunk) {
    return chunk.tallies().keySet().stream().map(byKey::get).toList();
  }

  /**
   * The causes, the most frequent first. All causes that are not shown one by one are added up in
   * one last entry.
   */
  List<Cause> shown() {
    List<Cause> shown = new ArrayList<>();
    byKey.values().stream()
        .filter(sum -> sum.place() <= SHOWN)
        .sorted(MOST_FREQUENT)
        .forEach(sum -> shown.add(sum.shown()));
    List<CauseSum> rest = rest();
    if (!rest.isEmpty()) {
      List<String> samples = List.of();
      for (CauseSum sum : rest) {
        samples = ChunkCauses.firstDifferent(samples, sum.samples());
      }
      shown.add(
          new Cause(
              OTHER,
              null,
              rest.stream().mapToLong(CauseSum::count).sum(),
              rest.stream().mapToLong(CauseSum::stored).sum(),
              samples));
    }
    return shown;
  }

  /** The most frequent of the causes that are shown one by one. */
  List<Cause> top(int most) {
    return byKey.values().stream()
        .filter(sum -> sum.place() <= SHOWN)
        .sorted(MOST_FREQUENT)
        .limit(most)
        .map(CauseSum::shown)
        .toList();
  }

  /** The causes that are not shown one by one. */
  List<CauseSum> rest() {
    return byKey.values().stream().filter(sum -> sum.place() > SHOWN).toList();
  }
}
