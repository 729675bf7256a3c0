package dev.waybill.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import lombok.RequiredArgsConstructor;

/**
 * When to try again: ten attempts over about 75 h, with the pauses that Standard Webhooks names. Up
 * to a tenth is added or taken away at random, so that a receiver that was down is not called by
 * everybody at once.
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

  /** From 0 to 1. */
  private final DoubleSupplier random;

  /** The pause after so many attempts, at least 1; empty if there are no more. */
  Optional<Duration> after(int attempts) {
    if (attempts > PAUSES.size()) {
      return Optional.empty();
    }
    double factor = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return Optional.of(Duration.ofMillis(Math.round(PAUSES.get(attempts - 1).toMillis() * factor)));
  }
}
