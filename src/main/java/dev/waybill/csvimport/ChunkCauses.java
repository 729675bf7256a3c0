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

/** What the rows of one chunk were rejected for. For one thread at a time. */
final class ChunkCauses {

  private static final int SAMPLES = 3;

  private final long firstRow;
  private final Map<CauseKey, Count> counts = new LinkedHashMap<>();

  /**
   * No causes yet.
   *
   * @param firstRow the number of the chunk's first row
   */
  ChunkCauses(long firstRow) {
    this.firstRow = firstRow;
  }

  /** How many rows of a chunk were rejected for one cause. */
  record Tally(long count, long stored, List<String> samples) {}

  private record Sample(int row, String text) {}

  /** Rows by their numbers within the chunk, so that a row counts once, and its end can be cut. */
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
   * @param stored whether it is in the list of rejections
   * @param original the text of the row; null where it is not known
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

  /** The causes of the rows up to one. */
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
   * These causes and those of rows that the table of products has refused.
   *
   * @param rejections those of the chunk that are stored, the refused rows' among them
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

  /** In the order in which they came. */
  Map<CauseKey, Tally> tallies() {
    Map<CauseKey, Tally> tallies = new LinkedHashMap<>();
    counts.forEach((key, count) -> tallies.put(key, count.tally()));
    return Collections.unmodifiableMap(tallies);
  }

  /** The first three different texts of two lists. */
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
