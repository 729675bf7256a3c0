package dev.waybill.answer;

import dev.waybill.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a request for one page of a list. */
public final class Page {

  private static final int MAX_LIMIT = 200;
  private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");
  private static final String LIMIT = "limit must be a whole number from 1 to " + MAX_LIMIT + ".";

  private static final int DEFAULT_LIMIT = 50;

  private Page() {}

  /**
   * Reads the parameter {@code limit}.
   *
   * @param text the text of the parameter; null if the caller sent no limit. Spring's own default
   *     value is not used, because Spring would also use it for an empty text
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
