package dev.waybill.csv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The columns of a file: their names, and which cells of a record belong to them. */
final class Columns {

  private final List<String> names;
  private final List<String> cellNames;
  private final int width;
  private final int @Nullable [] kept; // none where each cell of the width is a column

  private Columns(List<String> names, List<String> cellNames, int width, int @Nullable [] kept) {
    this.names = names;
    this.cellNames = cellNames;
    this.width = width;
    this.kept = kept;
  }

  /**
   * @param header its cells, stripped
   * @param unnamed the columns (from 1) that are none
   */
  static Columns of(List<String> header, List<Integer> unnamed) {
    List<String> all = uniqueNames(header);
    List<String> names = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    for (int column = 0; column < all.size(); column++) {
      if (!unnamed.contains(column + 1)) {
        names.add(all.get(column));
        kept.add(column);
      }
    }
    int width = kept.isEmpty() ? 0 : kept.getLast() + 1;
    boolean contiguous = width == kept.size();
    return new Columns(
        List.copyOf(names),
        List.copyOf(all.subList(0, width)),
        width,
        contiguous ? null : kept.stream().mapToInt(i -> i).toArray());
  }

  /**
   * A name for each column: {@code column-4} for one without a name, {@code Image (2)} for one
   * whose name stands before it.
   */
  static List<String> uniqueNames(List<String> header) {
    List<String> names = new ArrayList<>(header.size());
    Set<String> taken = new HashSet<>(header);
    Set<String> used = new HashSet<>();
    for (int column = 0; column < header.size(); column++) {
      String name = header.get(column);
      if (name.isEmpty()) {
        name = "column-" + (column + 1);
      }
      String unique = name;
      for (int number = 2;
          used.contains(unique) || number > 2 && taken.contains(unique);
          number++) {
        unique = name + " (" + number + ")";
      }
      used.add(unique);
      names.add(unique);
    }
    return names;
  }

  /** Unique, none blank, in the order of the file. */
  List<String> names() {
    return names;
  }

  /** A name for each cell of the width. */
  List<String> cellNames() {
    return cellNames;
  }

  /** The first cell (from 1) with a value that is in no column; 0 if there is none. */
  int unnamedWithValue(String[] cells) {
    int next = 0;
    for (int i = 0; i < cells.length; i++) {
      if (i < width && (kept == null || next < kept.length && kept[next] == i)) {
        next++;
      } else if (!cells[i].isBlank()) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The cells that a record has at least. */
  int width() {
    return width;
  }

  /** The cells that are columns, or null if there are too few cells or others with a value. */
  String @Nullable [] of(String[] cells) {
    if (kept == null && cells.length == width) {
      return cells;
    }
    if (cells.length < width) {
      return null;
    }
    if (unnamedWithValue(cells) > 0) {
      return null;
    }
    String[] mine = new String[names.size()];
    for (int i = 0; i < mine.length; i++) {
      mine[i] = cells[kept == null ? i : kept[i]];
    }
    return mine;
  }
}
