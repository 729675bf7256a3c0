package dev.waybill.job;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs as the database would return them. */
final class SampleJobs {

  static final Instant BORN = Instant.parse("2026-11-21T09:30:00Z");

  private SampleJobs() {}

  static Job running(int attempt) {
    return new Job(
        "0123456789abcdef0123456789abcdef",
        "test-kind",
        "test-kind",
        "products.csv",
        JobStatus.RUNNING,
        attempt,
        0,
        false,
        BORN,
        BORN,
        BORN,
        null,
        null,
        null,
        null,
        null);
  }

  /** A running job as clients see it, at this position in its work. */
  static JobView view(long position) {
    return new JobView() {
      @Override
      public String transactionId() {
        return running(1).id();
      }

      @Override
      public JobStatus status() {
        return JobStatus.RUNNING;
      }

      @Override
      public long position() {
        return position;
      }

      @Override
      public JobView listed() {
        return this;
      }

      @Override
      public JobView inEvent() {
        return this;
      }

      @Override
      public JobView at(@Nullable Integer queuePosition) {
        return this;
      }

      @Override
      public JobView withoutPace() {
        return this;
      }

      @Override
      public Object progress() {
        return Map.of("position", position);
      }
    };
  }
}
