package dev.waybill.stream;

import java.time.Duration;

/** What the clients of a test have in common, without a Spring context. */
final class TestSurroundings {

  private TestSurroundings() {}

  static OutboxBudget ampleBudget() {
    return new OutboxBudget(64L << 20, 1000);
  }

  static ClientStream.Limits limits(long outboxBytes) {
    return new ClientStream.Limits(outboxBytes, Duration.ofSeconds(10), ampleBudget());
  }

  /** Of clients that belong to a registry. */
  static ClientStream.Surroundings of(
      EmitterRegistry registry, Ticker ticker, StreamMetrics metrics, long outboxBytes) {
    return new ClientStream.Surroundings(
        limits(outboxBytes),
        ticker,
        new VirtualDrainers(),
        metrics,
        registry::retire,
        registry::forget);
  }
}
