package dev.waybill.idempotency;

import dev.waybill.problem.Problem;
import java.util.List;
import java.util.Optional;

/** Reads the {@code Idempotency-Key} header of a request. */
public final class IdempotencyKeyHeader {

  public static final String NAME = "Idempotency-Key";

  private static final int LONGEST = 255;

  private IdempotencyKeyHeader() {}

  /**
   * Returns the key without quotes. The draft standard requires quotes around the key, but many
   * clients omit the quotes.
   *
   * @throws Problem 400 {@code parameter} if the header is not a valid key
   */
  public static Optional<String> parse(List<String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1) {
      throw Problem.parameter("There is more than one Idempotency-Key.");
    }
    String key = unquoted(values.getFirst().strip());
    if (key.isBlank() || key.length() > LONGEST) {
      throw Problem.parameter("An Idempotency-Key has 1 to %d characters.".formatted(LONGEST));
    }
    return Optional.of(key);
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).replaceAll("\\\\([\"\\\\])", "$1")
        : value;
  }
}
