package dev.waybill.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The metrics of the cluster. Thread-safe. */
@Component
@Profile("cluster")
class ClusterMetrics {

  private final MeterRegistry registry;
  private final Counter published;
  private final Counter roundTrips;
  private final Counter unlogged;
  private final Counter forwarded;
  private final Counter failed;
  private final Counter overflowed;
  private final Counter received;
  private final Counter refused;
  private final Counter catchUps;

  ClusterMetrics(MeterRegistry registry) {
    this.registry = registry;
    published = counter("waybill.publishes", "Events published on this pod");
    roundTrips = counter("waybill.publish.round.trips", "Calls to Redis for publishing");
    unlogged = counter("waybill.publishes.unlogged", "Events published while Redis failed");
    forwarded = counter("waybill.forwards", "Events that another pod accepted");
    failed = counter("waybill.forwards.failed", "Events that did not reach another pod");
    overflowed =
        counter(
            "waybill.forwards.overflowed",
            "Events dropped because the queue of their pod was full");
    received = counter("waybill.forwards.received", "Events that came from another pod");
    refused =
        counter(
            "waybill.forwards.refused",
            "Requests to the internal address without a valid signature");
    catchUps = counter("waybill.catch.ups", "Streams found behind their log by the regular round");
  }

  void gaugeBreaker(Supplier<Number> open) {
    Gauge.builder("waybill.redis.breaker", open)
        .description("1 while calls to Redis are not tried")
        .register(registry);
  }

  void published() {
    published.increment();
  }

  void roundTrip() {
    roundTrips.increment();
  }

  void unlogged() {
    unlogged.increment();
  }

  void forwarded(int events) {
    forwarded.increment(events);
  }

  void forwardFailed(int events) {
    failed.increment(events);
  }

  void forwardOverflowed() {
    overflowed.increment();
  }

  void received() {
    received.increment();
  }

  void refused() {
    refused.increment();
  }

  void catchUp() {
    catchUps.increment();
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
