package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/** Judges the rows of one file. Stateless: safe for any number of threads. */
public final class RowChecks {

  private final HeaderMapping mapping;
  private final ReadingRules rules;
  private final int columns;
  private final AttributePatch patch;

  /** The column that holds all attributes, or -1. */
  private final int allAttributes;

  /** By column: the attribute's name as it begins its JSON member; null for the other columns. */
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
   * Accepts a row, or reports every error in it.
   *
   * @param cells one for each column of the header, as {@link HeaderMapping#returned()} wants them;
   *     white space around them does not count. Not changed.
   * @throws IllegalArgumentException unless there are as many cells as columns
   */
  public RowResult check(String[] cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "A row of %d cells for a header of %d".formatted(cells.length, columns));
    }
    CheckedRow row = new CheckedRow(mapping);
    boolean clears = false;
    for (int column = 0; column < columns; column++) {
      String cell = cells[column].strip();
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

  /** A word of a database or of a spreadsheet is short, or starts with a sign. */
  private static boolean mayBeWord(String cell) {
    return cell.length() <= 4 || cell.charAt(0) == '#';
  }
}
