package dev.waybill.csv;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a second header below the first header of a file. A second header results from pasted
 * tables, joined files, or a header of several rows. If the columns of the second header have
 * another order, the values of the rows below it would be imported into the wrong columns without
 * an error.
 */
final class HeaderAgain {

  /** The kind of a record. */
  enum Kind {
    ROW,
    /** The record repeats the header of the file. */
    SAME,
    /**
     * The record contains column names in the order of the header. Such a record is a second row of
     * the header, or a translation of the header.
     */
    SAME_ORDER,
    /** The record is the header of another table, with other columns or another order. */
    OTHER_ORDER
  }

  /** The maximum length, in characters, of a cell that is looked up as a column name. */
  private static final int LONGEST_NAME = 60;

  private static final int LEAST_NAMES = 2;
  private static final int FIRST_CELLS = 2;

  private final List<String> header;
  private final Set<String> headerNames = new HashSet<>();
  private final KnownNames names;

  /**
   * @param header the cells of the header, stripped
   */
  HeaderAgain(List<String> header, KnownNames names) {
    this.header = header;
    this.names = names;
    header.stream().map(HeaderAgain::folded).forEach(headerNames::add);
    headerNames.remove("");
  }

  Kind kindOf(String[] cells) {
    if (!mayBeNames(cells)) {
      return Kind.ROW;
    }
    List<String> stripped = Arrays.stream(cells).map(HeaderAgain::stripped).toList();
    if (isSame(stripped)) {
      return Kind.SAME;
    }
    long filled = stripped.stream().filter(cell -> !cell.isEmpty()).count();
    long known = stripped.stream().filter(this::isName).count();
    if (known < LEAST_NAMES || known * 2 < filled) {
      return Kind.ROW;
    }
    return inOrder(stripped, 0) ? Kind.SAME_ORDER : Kind.OTHER_ORDER;
  }

  /**
   * Determines the kind of a record that may end with a header. A record can end with a header if
   * the line end between a row and the header was lost, as in {@code 9.90name,sku}.
   *
   * @param cells the cells of a record that has more cells than the header
   */
  Kind kindOfEnd(String[] cells) {
    int glued = cells.length - header.size();
    if (glued < header.size() - 1 || glued == 0) {
      return Kind.ROW;
    }
    List<String> end = Arrays.stream(cells).skip(header.size()).map(HeaderAgain::stripped).toList();
    if (end.isEmpty() || !end.stream().allMatch(this::isName)) {
      return Kind.ROW;
    }
    return inOrder(end, 1) && end.size() == header.size() - 1 ? Kind.SAME_ORDER : Kind.OTHER_ORDER;
  }

  /**
   * A quick check that excludes nearly all rows. In most rows, one of the first two filled cells
   * has a digit. If neither cell has a digit, at least one of them must be a known name.
   */
  private boolean mayBeNames(String[] cells) {
    boolean found = false;
    for (int i = 0, filled = 0; i < cells.length && filled < FIRST_CELLS; i++) {
      String cell = cells[i];
      if (cell.isEmpty()) {
        continue;
      }
      filled++;
      boolean own = i < header.size() && cell.equals(header.get(i));
      if (!own && !mayBeName(cell)) {
        return false;
      }
      found = found || own || isName(stripped(cell));
    }
    return found;
  }

  private static boolean mayBeName(String cell) {
    int length = cell.length();
    // A cell that starts with # is not a column name, because spreadsheets write #NAME? for an
    // error.
    if (length > LONGEST_NAME || cell.charAt(0) == '#') {
      return false;
    }
    // Searches from the end, because most skus end with a digit.
    for (int i = length - 1; i >= 0; i--) {
      char c = cell.charAt(i);
      if (c >= '0' && c <= '9') {
        return false;
      }
    }
    return true;
  }

  private boolean isSame(List<String> cells) {
    for (int i = 0; i < Math.max(cells.size(), header.size()); i++) {
      String mine = i < cells.size() ? cells.get(i) : "";
      String other = i < header.size() ? header.get(i) : "";
      if (!mine.equalsIgnoreCase(other)) {
        return false;
      }
    }
    return true;
  }

  private boolean isName(String cell) {
    return !cell.isEmpty()
        && cell.length() <= LONGEST_NAME
        && (headerNames.contains(folded(cell)) || names.fieldOf(cell) != null);
  }

  /**
   * Whether each of these names is in the column that has the same name or field. A name whose
   * field has no column may also be in a column with an unknown name.
   */
  private boolean inOrder(List<String> cells, int firstColumn) {
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      int column = firstColumn + i;
      if (!isName(cell)) {
        continue;
      }
      if (column >= header.size()) {
        return false;
      }
      String name = header.get(column);
      @Nullable Object field = names.fieldOf(cell);
      boolean sameField = field != null && Objects.equals(field, names.fieldOf(name));
      boolean unknownThere = field != null && names.fieldOf(name) == null && !hasColumnOf(field);
      if (!cell.equalsIgnoreCase(name) && !sameField && !unknownThere) {
        return false;
      }
    }
    return true;
  }

  private boolean hasColumnOf(Object field) {
    return header.stream().anyMatch(name -> field.equals(names.fieldOf(name)));
  }

  private static String stripped(String cell) {
    return cell.replace("\uFEFF", "").strip();
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
