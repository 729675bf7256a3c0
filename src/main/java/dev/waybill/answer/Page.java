package dev.waybill.answer;

import dev.waybill.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a request for a page. */
public final class Page {

  private static final int MAX_LIMIT = 200;
  private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");
  private static final String LIMIT = "limit must be a whole number from 1 to " + MAX_LIMIT + ".";

  private static final int DEFAULT_LIMIT = 50;

  private Page() {}

  /**
   * Reads {@code limit}.
   *
   * @param text null if the caller sent no limit. Spring's own default is not used, because it
   *     would also replace an empty text
   * @throws Problem 400 unless the text is a number from 1 to 200
   */
  public static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    int limit = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Problem.parameter(LIMIT);
    }
    return limit;
  }
}
