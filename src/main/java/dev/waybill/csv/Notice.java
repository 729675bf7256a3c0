package dev.waybill.csv;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fact that is not an error, but that the user should know.
 *
 * @param code one of the stable codes, such as {@code header-line}
 * @param column the name of the column in the header; null if the notice is not about a single
 *     column
 * @param count the number of rows, cells or lines that the notice is about
 * @param rows the first of these rows, at most {@link #MOST_ROWS}
 * @param detail a text for the user that says what was found and how Waybill has handled it
 * @param transactionId the job that the detail names; otherwise null
 * @param decimal the decimal sign that the detail names: {@code comma}, {@code point} or {@code
 *     mixed}; otherwise null
 * @param currency the currency that the detail names; otherwise null
 */
@JsonPropertyOrder({
  "code",
  "column",
  "count",
  "rows",
  "detail",
  "transactionId",
  "decimal",
  "currency"
})
public record Notice(
    String code,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String column,
    long count,
    List<Long> rows,
    String detail,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String transactionId,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String decimal,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String currency) {

  /** The maximum number of rows that one notice names. */
  public static final int MOST_ROWS = 3;

  /** The maximum number of characters of {@code column} and of {@code detail}. */
  public static final int LONGEST_TEXT = 200;

  public Notice {
    column = column == null ? null : cut(column);
    detail = cut(detail);
    rows = List.copyOf(rows.subList(0, Math.min(MOST_ROWS, rows.size())));
  }

  /** Creates a notice whose detail names neither a job nor a number format. */
  public Notice(String code, @Nullable String column, long count, List<Long> rows, String detail) {
    this(code, column, count, rows, detail, null, null, null);
  }

  /** A copy of this notice that is also about further rows, cells or lines. */
  Notice plus(long more, List<Long> further) {
    return new Notice(
        code,
        column,
        count + more,
        Stream.concat(rows.stream(), further.stream()).toList(),
        detail,
        transactionId,
        decimal,
        currency);
  }

  /** A notice about the whole file. */
  public static Notice of(String code, String detail) {
    return new Notice(code, null, 1, List.of(), detail);
  }

  private static String cut(String text) {
    if (text.codePointCount(0, text.length()) <= LONGEST_TEXT) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT - 1)) + "…";
  }
}
