package dev.waybill.csv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a file. Contains the names of the columns, and the cells of a record that belong
 * to columns.
 */
final class Columns {

  private final List<String> names;
  private final List<String> cellNames;
  private final int width;
  // The indexes of the cells that belong to columns. Null if all cells up to the width belong to
  // columns.
  private final int @Nullable [] kept;

  private Columns(List<String> names, List<String> cellNames, int width, int @Nullable [] kept) {
    this.names = names;
    this.cellNames = cellNames;
    this.width = width;
    this.kept = kept;
  }

  /**
   * @param header the cells of the header, stripped
   * @param unnamed the numbers (from 1) of the cells that are not columns, because they have
   *     neither a name nor a value
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
   * Gives each column a unique name. For example, a fourth column without a name gets the name
   * {@code column-4}, and a second column named {@code Image} gets the name {@code Image (2)}.
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

  /** The names of the columns, in the order of the file. Each name is unique and not blank. */
  List<String> names() {
    return names;
  }

  /** A name for each cell up to {@link #width}, also for a cell that is not a column. */
  List<String> cellNames() {
    return cellNames;
  }

  /**
   * The number (from 1) of the first cell that has a value but is not a column; 0 if there is no
   * such cell.
   */
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

  /** The minimum number of cells of a record. */
  int width() {
    return width;
  }

  /**
   * Picks the cells of a record that belong to columns. Null if the record has too few cells, or if
   * a cell that is not a column has a value.
   */
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
