package dev.waybill.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * What all clients of this pod have in common.
 *
 * @param limits what one connection may hold, and for how long
 * @param retire takes a client that gets nothing more, while its connection is still open
 * @param forget takes a client whose connection has ended or is about to; as {@code retire}, called
 *     once or more often, on any thread
 */
record Surroundings(
    Limits limits,
    Ticker ticker,
    InstantSource clock,
    Drainers drainers,
    StreamMetrics metrics,
    Consumer<ClientStream> retire,
    Consumer<ClientStream> forget) {

  /** What one connection may hold, and for how long. */
  record Limits(long outboxBytes, Duration maxStall, Duration heartbeat, OutboxBudget budget) {

    Outbox outbox(WireForm form) {
      return new Outbox(outboxBytes, budget, form);
    }
  }
}
