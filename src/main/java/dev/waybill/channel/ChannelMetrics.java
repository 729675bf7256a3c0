package dev.waybill.channel;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Counts the events that are published to audience streams, the named streams to which callers
 * publish. Measures how long publishers wait.
 */
@Component
class ChannelMetrics {

  private final Counter events;
  private final Timer publish;

  ChannelMetrics(MeterRegistry registry) {
    events =
        Counter.builder("waybill.stream.events")
            .description("Events published, by kind of stream")
            .tag("kind", "audience")
            .register(registry);
    publish =
        Timer.builder("waybill.publish")
            .description("From the arrival of a publish request to its commit")
            .publishPercentileHistogram()
            .register(registry);
  }

  void events(int count) {
    events.increment(count);
  }

  void published(long nanos) {
    publish.record(nanos, TimeUnit.NANOSECONDS);
  }
}
