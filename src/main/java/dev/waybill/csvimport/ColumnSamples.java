package dev.waybill.csvimport;

import java.util.ArrayList;
import java.util.List;

/** Keeps the first different values of each column. Only one thread may use an instance. */
final class ColumnSamples {

  private static final int VALUES = 3;

  /** The maximum number of characters of a value. */
  private static final int LONGEST = 200;

  private final List<List<String>> samples = new ArrayList<>();

  ColumnSamples(int columns) {
    for (int column = 0; column < columns; column++) {
      samples.add(new ArrayList<>(VALUES));
    }
  }

  void add(String[] cells) {
    for (int column = 0; column < Math.min(cells.length, samples.size()); column++) {
      List<String> values = samples.get(column);
      if (values.size() < VALUES && !cells[column].isBlank()) {
        String value = CutText.to(LONGEST, cells[column].strip());
        if (!values.contains(value)) {
          values.add(value);
        }
      }
    }
  }

  List<String> of(int column) {
    return List.copyOf(samples.get(column));
  }
}
