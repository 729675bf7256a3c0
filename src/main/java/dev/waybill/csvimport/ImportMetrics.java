package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Counts the results of imports on this pod since the start of the pod: {@code waybill.rows} by
 * result, {@code waybill.notices} by code, {@code waybill.formats} by format. The rows of dry runs
 * are not counted, because they change no product.
 */
@Component
class ImportMetrics {

  private final MeterRegistry registry;
  private final Counter created;
  private final Counter updated;
  private final Counter unchanged;
  private final Counter rejected;

  ImportMetrics(MeterRegistry registry) {
    this.registry = registry;
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

  /** Counts an import at the start of its first attempt. */
  void countStarted(ImportJob job) {
    Counter.builder("waybill.formats")
        .description("Imports that were started")
        .tag("format", job.plan().format())
        .register(registry)
        .increment();
    count(job.notices());
  }

  void count(List<Notice> notices) {
    for (Notice notice : notices) {
      Counter.builder("waybill.notices")
          .description("Notices of imports")
          .tag("code", notice.code())
          .register(registry)
          .increment();
    }
  }

  void count(Counts committed) {
    created.increment(committed.created());
    updated.increment(committed.updated());
    unchanged.increment(committed.unchanged());
    rejected.increment(committed.rejected());
  }
}
