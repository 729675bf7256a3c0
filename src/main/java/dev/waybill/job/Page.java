package dev.waybill.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.problem.Problem;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, the form of every paged answer.
 *
 * @param next the cursor of the next page, null on the last one
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Page<T>(List<T> items, @Nullable String next) {

  private static final int MAX_LIMIT = 200;
  private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");
  private static final String LIMIT = "limit must be a whole number from 1 to " + MAX_LIMIT + ".";

  private static final int DEFAULT_LIMIT = 50;

  /**
   * Reads {@code limit}.
   *
   * @param text null where none was asked for; a default of Spring's would stand in for an empty
   *     one too
   * @throws Problem 400 unless it is a number from 1 to 200
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

  /**
   * A page out of what was found by asking for one item more than the page holds.
   *
   * @param cursor the cursor that points behind an item
   */
  public static <T> Page<T> of(List<T> found, int limit, Function<T, Object> cursor) {
    if (found.size() <= limit) {
      return new Page<>(found, null);
    }
    List<T> items = List.copyOf(found.subList(0, limit));
    return new Page<>(items, cursor.apply(items.getLast()).toString());
  }

  /** The same page with each item in another form. */
  public <R> Page<R> map(Function<T, R> form) {
    return new Page<>(items.stream().map(form).toList(), next);
  }
}
