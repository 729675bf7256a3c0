package dev.waybill.csvimport;

import dev.waybill.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The cursor of a list in the order of a file: the number of the last row of a page. */
final class RowCursor {

  private static final Pattern ROW = Pattern.compile("\\d{1,18}");

  private RowCursor() {}

  /** The row after which a page starts; 0 for the first page. */
  static long of(@Nullable String after) {
    if (after == null) {
      return 0;
    }
    if (!ROW.matcher(after).matches()) {
      throw Problem.parameter(
          "after must be the \"next\" of an earlier page; leave it out for the first page.");
    }
    return Long.parseLong(after);
  }
}
