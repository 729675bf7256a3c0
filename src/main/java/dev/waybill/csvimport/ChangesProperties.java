package dev.waybill.csvimport;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on the replaced values that the server keeps for jobs, in addition to {@code
 * waybill.import.undo-retention}.
 *
 * @param dryRunRetention how long the changes that a finished dry run predicts are kept, 1 s to 10
 *     years
 * @param maxSize how many bytes of changes are kept for one job; a job with more cannot be undone
 * @param maxTotalSize how many bytes of changes are kept for all jobs. If there are more, changes
 *     of finished jobs are deleted: first those of the caller with the most bytes, the oldest first
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
