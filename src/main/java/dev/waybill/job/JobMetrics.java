package dev.waybill.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** {@code waybill.jobs} by status, read from the database when asked for. */
@Component
class JobMetrics {

  JobMetrics(JobStore store, MeterRegistry registry) {
    for (JobStatus status : JobStatus.values()) {
      Gauge.builder("waybill.jobs", () -> store.countByStatus().getOrDefault(status, 0L))
          .description("Jobs in the database")
          .tag("status", status.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }
}
