package dev.waybill.record;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Counts the results of reading records. */
@Component
class RecordMetrics {

  enum Result {
    CHANGED,
    UNCHANGED,
    UNKNOWN,
    FAILED
  }

  private final Map<Result, Counter> polls = new EnumMap<>(Result.class);

  RecordMetrics(MeterRegistry registry) {
    for (Result result : Result.values()) {
      polls.put(
          result,
          Counter.builder("waybill.record.polls")
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .description("Reads of watched records, by result")
              .register(registry));
    }
  }

  void polled(Result result) {
    Objects.requireNonNull(polls.get(result)).increment();
  }
}
