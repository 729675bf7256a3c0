package dev.waybill.product;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * One error of a rejected row. A row may have several errors.
 *
 * @param column the name of the column in the header; null if the error concerns the whole row
 * @param code one of the stable codes, such as {@code price}
 * @param detail a sentence for the person in the shop that says what was found and what is expected
 * @param value the cell without surrounding white space; empty if the cell is blank. A cell with
 *     more than 200 code points is cut after 200 code points and then ends in {@code …}. Null if
 *     the error concerns the whole row.
 */
@JsonPropertyOrder({"column", "code", "detail", "value"})
public record RowError(
    @Nullable String column, String code, String detail, @Nullable String value) {

  private static final int LONGEST_COLUMN = 200;
  private static final int LONGEST_VALUE = 200;

  public RowError {
    column = column == null ? null : cut(column, LONGEST_COLUMN);
    value = value == null ? null : cut(value, LONGEST_VALUE);
  }

  /** The cell in the form that an error shows. */
  public static String shown(String value) {
    return cut(value, LONGEST_VALUE);
  }

  /**
   * The first {@code codePoints} code points of the text, followed by {@code …} if the text is
   * longer.
   */
  static String cut(String text, int codePoints) {
    if (text.length() <= codePoints || text.codePointCount(0, text.length()) <= codePoints) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, codePoints)) + "…";
  }
}
