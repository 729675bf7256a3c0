package dev.waybill.product;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * Why a row was rejected; a row may have several.
 *
 * @param column the column as the header writes it; null where the whole row is to blame
 * @param code one of the stable codes, such as {@code price}
 * @param detail what was found and what is expected, for the shop's person
 * @param value the cell without surrounding white space, empty where it is blank; longer ones are
 *     cut after 200 code points and then end in {@code …}; null where the whole row is to blame
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

  /** A cell as an error shows it. */
  public static String shown(String value) {
    return cut(value, LONGEST_VALUE);
  }

  /** At most {@code codePoints} of the text, then {@code …} if something was left out. */
  static String cut(String text, int codePoints) {
    if (text.length() <= codePoints || text.codePointCount(0, text.length()) <= codePoints) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, codePoints)) + "…";
  }
}
