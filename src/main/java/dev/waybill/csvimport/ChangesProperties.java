package dev.waybill.csvimport;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What is kept of the values that jobs replace, beside {@code waybill.import.undo-retention}.
 *
 * @param dryRunRetention how long what a finished dry run would change is kept, 1 s to 10 years
 * @param maxSize how many bytes of changes of a job are kept; it cannot be undone if it has more
 * @param maxTotalSize how many bytes of changes of all jobs are kept; beyond it those of finished
 *     jobs go, the oldest of the caller with the most first
 */
@Validated
@ConfigurationProperties("waybill.import.changes")
record ChangesProperties(
    @DefaultValue("24h") @DurationMin(seconds = 1) @DurationMax(days = 3653)
        Duration dryRunRetention,
    @DefaultValue("1GB") DataSize maxSize,
    @DefaultValue("8GB") DataSize maxTotalSize) {

  ChangesProperties {
    if (maxSize.isNegative() || maxTotalSize.isNegative()) {
      throw new IllegalArgumentException("the sizes of changes must not be negative");
    }
  }
}
