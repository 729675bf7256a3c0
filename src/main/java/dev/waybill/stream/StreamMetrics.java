package dev.waybill.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** The metrics of the streams and their watchers. Thread-safe. */
@Component
class StreamMetrics {

  private final MeterRegistry registry;
  private final Counter sent;
  private final Counter bytes;
  private final Counter replaced;
  private final Counter dropped;
  private final Counter slowClientsClosed;
  private final Counter refused;
  private final Counter gaps;
  private final Map<EndReason, Counter> ends = new EnumMap<>(EndReason.class);
  private final Map<Transport, Timer> lifetimes = new EnumMap<>(Transport.class);

  StreamMetrics(MeterRegistry registry) {
    this.registry = registry;
    sent = counter("waybill.events.sent", "Events written to clients");
    bytes = counter("waybill.stream.sent.bytes", "Bytes of frames written to clients");
    replaced = counter("waybill.events.replaced", "Waiting progress replaced by newer progress");
    dropped = counter("waybill.events.dropped", "Events not sent to a client as out of date");
    slowClientsClosed = counter("waybill.slow.clients.closed", "Clients closed as too slow");
    gaps = counter("waybill.gaps", "Gaps in a stream that were filled from log or database");
    refused =
        counter("waybill.streams.refused", "Streams refused: the response had only a retry time");
    for (EndReason reason : EndReason.values()) {
      ends.put(
          reason,
          Counter.builder("waybill.stream.ends")
              .tag("reason", reason.label())
              .description("Streams that have ended, by reason")
              .register(registry));
    }
    for (Transport transport : Transport.values()) {
      lifetimes.put(
          transport,
          Timer.builder("waybill.stream.lifetime")
              .tag("transport", transport.label())
              .description("Time from the connection of a client to the end of its stream")
              .register(registry));
    }
  }

  void gaugeEmitters(Transport transport, Supplier<Number> open) {
    Gauge.builder("waybill.emitters", open)
        .tag("transport", transport.label())
        .description("Open streams")
        .register(registry);
  }

  void gaugeWaiting(Supplier<Number> waiting) {
    Gauge.builder("waybill.stream.waiting.bytes", waiting)
        .description("Bytes that wait for clients")
        .register(registry);
  }

  void sent(int events, int bytes) {
    sent.increment(events);
    this.bytes.increment(bytes);
  }

  void ended(Transport transport, EndReason reason, long lifetimeNanos) {
    Objects.requireNonNull(ends.get(reason)).increment();
    Objects.requireNonNull(lifetimes.get(transport)).record(lifetimeNanos, TimeUnit.NANOSECONDS);
  }

  void replaced() {
    replaced.increment();
  }

  void dropped() {
    dropped.increment();
  }

  void slowClientClosed() {
    slowClientsClosed.increment();
  }

  void gap() {
    gaps.increment();
  }

  void refused() {
    refused.increment();
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
