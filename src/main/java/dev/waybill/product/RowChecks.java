package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/** Checks the rows of one file. This class has no state that changes, and is thread-safe. */
public final class RowChecks {

  private final HeaderMapping mapping;
  private final ReadingRules rules;
  private final int columns;
  private final AttributePatch patch;

  /**
   * The index of the column that contains all attributes as a JSON object; -1 if the file has no
   * such column.
   */
  private final int allAttributes;

  /**
   * The names of the attributes, by column. A name is in the form in which a JSON member starts.
   * Null for a column that is not an attribute.
   */
  private final @Nullable String[] memberNames;

  public RowChecks(HeaderMapping mapping) {
    this.mapping = mapping;
    this.rules = mapping.rules();
    this.columns = mapping.header().size();
    this.memberNames = new String[columns];
    this.allAttributes =
        mapping.replacesAttributes() ? mapping.header().indexOf(HeaderMapping.ALL_ATTRIBUTES) : -1;
    for (int column = 0; column < columns; column++) {
      if (mapping.isAttribute(column)) {
        memberNames[column] = JsonMembers.name(mapping.header().get(column));
      }
    }
    this.patch = new AttributePatch(mapping, memberNames);
  }

  /**
   * Checks a row. Either accepts the row, or returns every error in the row.
   *
   * @param cells one cell for each column of the header. If {@link HeaderMapping#returned()} is
   *     true, the caller has prepared the cells as that method says; white space around a cell is
   *     ignored. The array is not changed.
   * @throws IllegalArgumentException if the number of cells differs from the number of columns
   */
  public RowResult check(String[] cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "A row of %d cells for a header of %d".formatted(cells.length, columns));
    }
    CheckedRow row = new CheckedRow(mapping);
    boolean clears = false;
    for (int column = 0; column < columns; column++) {
      String cell = stripped(cells[column]);
      String memberName = memberNames[column];
      if (memberName != null) {
        if (column == allAttributes) {
          row.allAttributes(column, cell);
        } else if (cell.isEmpty()) {
          clears = true;
        } else if (mayBeWord(cell) && !rules.literal()) {
          clears |= row.word(column, memberName, cell);
        } else {
          row.attribute(memberName, cell);
        }
      } else if (!mapping.ignores(column)) {
        check(row, column, cell);
      }
    }
    return row.result(patch, cells, clears);
  }

  private void check(CheckedRow row, int column, String cell) {
    Field field = mapping.field(column);
    String plain = cell.isEmpty() ? null : CellCheck.plain(field, cell, rules);
    if (plain != null) {
      row.value(mapping.slot(column), plain);
    } else if (!cell.isEmpty() || field == Field.SKU || field == Field.NAME) {
      row.read(column, field, cell);
    }
  }

  /**
   * The cell without surrounding white space. Most cells start and end with an ASCII character that
   * is no white space. They are returned without a further check, because strip() costs several
   * times as much.
   */
  private static String stripped(String cell) {
    int last = cell.length() - 1;
    return last < 0 || isPrinted(cell.charAt(0)) && isPrinted(cell.charAt(last))
        ? cell
        : cell.strip();
  }

  private static boolean isPrinted(char c) {
    return c > ' ' && c < 0x7f;
  }

  /**
   * Whether the cell may be a word that databases or spreadsheets write instead of a value. Such a
   * word is short, or starts with a special character.
   */
  private static boolean mayBeWord(String cell) {
    return cell.length() <= 4 || cell.charAt(0) == '#';
  }
}
