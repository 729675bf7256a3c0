package dev.waybill.stream;

import java.time.Duration;
import java.time.InstantSource;

/** What the clients of a test have in common, without a Spring context. */
final class TestSurroundings {

  private TestSurroundings() {}

  static OutboxBudget ampleBudget() {
    return new OutboxBudget(64L << 20, 1000);
  }

  static Surroundings.Limits limits(long outboxBytes) {
    return new Surroundings.Limits(
        outboxBytes, Duration.ofSeconds(10), Duration.ofSeconds(15), ampleBudget());
  }

  /** The surroundings of clients that belong to a registry. */
  static Surroundings of(
      EmitterRegistry registry, Ticker ticker, StreamMetrics metrics, long outboxBytes) {
    return new Surroundings(
        limits(outboxBytes),
        ticker,
        InstantSource.system(),
        new VirtualDrainers(),
        metrics,
        registry::retire,
        registry::forget);
  }
}
