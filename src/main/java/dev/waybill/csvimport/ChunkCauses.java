package dev.waybill.csvimport;

import dev.waybill.product.Outcome;
import dev.waybill.product.RowError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The causes for which rows of one chunk were rejected. Only one thread at a time may use an
 * instance.
 */
final class ChunkCauses {

  private static final int SAMPLES = 3;

  private final long firstRow;
  private final Map<CauseKey, Count> counts = new LinkedHashMap<>();

  /**
   * Creates an object without causes.
   *
   * @param firstRow the number of the chunk's first row
   */
  ChunkCauses(long firstRow) {
    this.firstRow = firstRow;
  }

  /** The number of rows of a chunk that were rejected for one cause. */
  record Tally(long count, long stored, List<String> samples) {}

  private record Sample(int row, String text) {}

  /**
   * The rows of one cause, by their index within the chunk. With sets, each row counts one time,
   * and {@link #upTo} can drop the last rows.
   */
  private record Count(BitSet rows, BitSet stored, List<Sample> samples) {

    Count() {
      this(new BitSet(), new BitSet(), new ArrayList<>(SAMPLES));
    }

    Count upTo(int end) {
      return new Count(
          rows.get(0, end),
          stored.get(0, end),
          new ArrayList<>(samples.stream().filter(sample -> sample.row() < end).toList()));
    }

    void sample(int row, String text) {
      String shown = RowError.shown(text);
      if (samples.stream().noneMatch(sample -> sample.text().equals(shown))) {
        samples.add(new Sample(row, shown));
      }
    }

    Tally tally() {
      return new Tally(
          rows.cardinality(), stored.cardinality(), samples.stream().map(Sample::text).toList());
    }
  }

  /**
   * Counts a rejected row.
   *
   * @param stored whether the row is in the list of rejections
   * @param original the text of the row; null if it is not known
   */
  void add(long row, List<RowError> errors, boolean stored, @Nullable String original) {
    int index = Math.toIntExact(row - firstRow);
    for (RowError error : errors) {
      Count cause = counts.computeIfAbsent(CauseKey.of(error), _ -> new Count());
      cause.rows().set(index);
      cause.stored().set(index, stored);
      String sample = error.value() == null ? original : error.value();
      if (cause.samples().size() < SAMPLES && sample != null) {
        cause.sample(index, sample);
      }
    }
  }

  /** The causes of the rows up to and including {@code row}. */
  ChunkCauses upTo(long row) {
    ChunkCauses first = new ChunkCauses(firstRow);
    int end = Math.toIntExact(row - firstRow + 1);
    counts.forEach(
        (key, count) -> {
          if (count.rows().nextSetBit(0) < end) {
            first.counts.put(key, count.upTo(end));
          }
        });
    return first;
  }

  /**
   * Combines these causes with the causes of the rows that the table of products refused.
   *
   * @param rejections the stored rejections of the chunk, including the rejections of the refused
   *     rows
   */
  ChunkCauses with(Chunk chunk, Outcome[] outcomes, List<Rejection> rejections) {
    ChunkCauses all = upTo(chunk.lastRow());
    Map<Long, String> originals = new HashMap<>();
    rejections.forEach(rejection -> originals.put(rejection.row(), rejection.original()));
    for (int i = 0; i < outcomes.length; i++) {
      long row = chunk.acceptedRows()[i];
      all.add(row, outcomes[i].errors(), originals.containsKey(row), originals.get(row));
    }
    return all;
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  /** The count of each cause, in the order in which the causes first occurred. */
  Map<CauseKey, Tally> tallies() {
    Map<CauseKey, Tally> tallies = new LinkedHashMap<>();
    counts.forEach((key, count) -> tallies.put(key, count.tally()));
    return Collections.unmodifiableMap(tallies);
  }

  /** The first three different texts of two lists together. */
  static List<String> firstDifferent(List<String> first, List<String> second) {
    if (first.size() == SAMPLES || first.containsAll(second)) {
      return first;
    }
    List<String> all = new ArrayList<>(first);
    second.stream()
        .filter(text -> !all.contains(text))
        .limit((long) SAMPLES - first.size())
        .forEach(all::add);
    return List.copyOf(all);
  }
}
