package dev.waybill.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Counts the attempts to deliver webhooks, by the state of the delivery after the attempt. */
@Component
class WebhookMetrics {

  private final Map<Delivery.State, Counter> counters = new EnumMap<>(Delivery.State.class);

  WebhookMetrics(MeterRegistry registry) {
    for (Delivery.State state : Delivery.State.values()) {
      if (state != Delivery.State.WAITING) {
        counters.put(
            state,
            Counter.builder("waybill.webhook.deliveries")
                .description("Attempts to post the end of a job, by their result")
                .tag("result", result(state))
                .register(registry));
      }
    }
  }

  private static String result(Delivery.State state) {
    return state == Delivery.State.PENDING
        ? "retry"
        : state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  void attempted(Delivery.State state) {
    Counter counter = counters.get(state);
    if (counter != null) {
      counter.increment();
    }
  }
}
