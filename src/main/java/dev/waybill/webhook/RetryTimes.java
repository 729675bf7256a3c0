package dev.waybill.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import lombok.RequiredArgsConstructor;

/**
 * Determines the times of further attempts: ten attempts over about 75 h, with the pauses of the
 * Standard Webhooks specification. A random part makes each pause longer or shorter by at most a
 * tenth. Without the random part, a receiver that was down would get all deliveries at the same
 * moment.
 */
@RequiredArgsConstructor
final class RetryTimes {

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private static final double JITTER = 0.1;

  /** Returns random numbers from 0 to 1. */
  private final DoubleSupplier random;

  /**
   * The pause before the next attempt; empty if all attempts are used up. {@code attempts} is the
   * number of attempts so far, at least 1.
   */
  Optional<Duration> after(int attempts) {
    if (attempts > PAUSES.size()) {
      return Optional.empty();
    }
    double factor = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return Optional.of(Duration.ofMillis(Math.round(PAUSES.get(attempts - 1).toMillis() * factor)));
  }
}
