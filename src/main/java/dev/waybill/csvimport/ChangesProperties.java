package dev.waybill.csvimport;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on the changes of jobs, which the server keeps so that a job can be undone. How long they
 * are kept is set by {@code waybill.import.undo-retention}.
 *
 * @param dryRunRetention the time for which the predicted changes of a finished dry run are kept, 1
 *     s to 10 years
 * @param maxSize the maximum number of bytes of changes that are kept for one job; a job with more
 *     changes cannot be undone
 * @param maxTotalSize the maximum number of bytes of changes that are kept for all jobs. If there
 *     are more, changes of finished jobs are deleted. The caller with the most bytes loses its
 *     changes first, starting with its oldest job
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
