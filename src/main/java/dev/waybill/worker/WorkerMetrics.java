package dev.waybill.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/**
 * Counts the external jobs that ended because their worker was silent too long. Also counts the
 * published events of external jobs.
 */
@Component
class WorkerMetrics {

  private final Counter lost;
  private final Counter events;

  WorkerMetrics(MeterRegistry registry) {
    lost =
        Counter.builder("waybill.jobs.lost")
            .description("Jobs that ended because their worker was silent")
            .register(registry);
    events =
        Counter.builder("waybill.stream.events")
            .description("Events published, by kind of stream")
            .tag("kind", "external-job")
            .register(registry);
  }

  void lost() {
    lost.increment();
  }

  void events(int count) {
    events.increment(count);
  }
}
