package dev.waybill.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * The limits and services that all clients of this pod share.
 *
 * @param limits the limits of one connection: memory and time
 * @param retire called when a client gets no further events while its connection is still open
 * @param forget called for a client whose connection has ended or is about to end. Both {@code
 *     retire} and {@code forget} can be called more than once, on any thread
 */
record Surroundings(
    Limits limits,
    Ticker ticker,
    InstantSource clock,
    Drainers drainers,
    StreamMetrics metrics,
    Consumer<ClientStream> retire,
    Consumer<ClientStream> forget) {

  /** The limits of one connection: memory and time. */
  record Limits(long outboxBytes, Duration maxStall, Duration heartbeat, OutboxBudget budget) {

    Outbox outbox(WireForm form) {
      return new Outbox(outboxBytes, budget, form);
    }
  }
}
