package dev.waybill.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** The numbers of the watching side. Thread-safe. */
@Component
class StreamMetrics {

  private final MeterRegistry registry;
  private final Counter sent;
  private final Counter replaced;
  private final Counter dropped;
  private final Counter slowClientsClosed;
  private final Counter refused;
  private final Counter gaps;

  StreamMetrics(MeterRegistry registry) {
    this.registry = registry;
    sent = counter("waybill.events.sent", "Events written to clients");
    replaced = counter("waybill.events.replaced", "Waiting progress that a newer one replaced");
    dropped = counter("waybill.events.dropped", "Events left out for a client as out of date");
    slowClientsClosed = counter("waybill.slow.clients.closed", "Clients closed as too slow");
    gaps = counter("waybill.gaps", "Gaps in a stream that were filled from log or database");
    refused = counter("waybill.streams.refused", "Streams answered with a retry and the end");
  }

  void gaugeEmitters(Supplier<Number> open) {
    Gauge.builder("waybill.emitters", open).description("Open streams").register(registry);
  }

  void sent(int events) {
    sent.increment(events);
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
