package dev.waybill.csvimport;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** {@code waybill.rows} by result: the rows that this pod has committed since it started. */
@Component
class ImportMetrics {

  private final Counter created;
  private final Counter updated;
  private final Counter unchanged;
  private final Counter rejected;

  ImportMetrics(MeterRegistry registry) {
    created = rows(registry, "created");
    updated = rows(registry, "updated");
    unchanged = rows(registry, "unchanged");
    rejected = rows(registry, "rejected");
  }

  private static Counter rows(MeterRegistry registry, String result) {
    return Counter.builder("waybill.rows")
        .description("Imported rows")
        .tag("result", result)
        .register(registry);
  }

  void count(Counts committed) {
    created.increment(committed.created());
    updated.increment(committed.updated());
    unchanged.increment(committed.unchanged());
    rejected.increment(committed.rejected());
  }
}
