package dev.waybill.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * The limits and services that all clients of this pod share.
 *
 * @param limits how much memory one connection may use, and for how long
 * @param retire called for a client that gets nothing more but whose connection is still open
 * @param forget called for a client whose connection has ended or is about to end; both {@code
 *     retire} and {@code forget} may be called more than once, on any thread
 */
record Surroundings(
    Limits limits,
    Ticker ticker,
    InstantSource clock,
    Drainers drainers,
    StreamMetrics metrics,
    Consumer<ClientStream> retire,
    Consumer<ClientStream> forget) {

  /** How much memory one connection may use, and for how long. */
  record Limits(long outboxBytes, Duration maxStall, Duration heartbeat, OutboxBudget budget) {

    Outbox outbox(WireForm form) {
      return new Outbox(outboxBytes, budget, form);
    }
  }
}
