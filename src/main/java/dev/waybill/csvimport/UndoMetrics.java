package dev.waybill.csvimport;

import dev.waybill.product.UndoCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts the products of undos on this pod by their results: {@code waybill.undo.rows}. */
@Component
class UndoMetrics {

  private final Counter reversed;
  private final Counter kept;
  private final Counter missing;

  UndoMetrics(MeterRegistry registry) {
    reversed = counter(registry, "reversed");
    kept = counter(registry, "kept");
    missing = counter(registry, "missing");
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("waybill.undo.rows")
        .description("Products of undos")
        .tag("result", result)
        .register(registry);
  }

  void count(UndoCounts committed) {
    reversed.increment(committed.reversed());
    kept.increment(committed.kept());
    missing.increment(committed.missing());
  }
}
