package dev.waybill.csvimport;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How imports run.
 *
 * @param threads how many imports this pod runs at once, 1 to 64; 2 with PostgreSQL, and 1 with
 *     SQLite, where more would only take turns at the one writer
 * @param chunkRows a chunk, the unit of commit and of progress, ends after so many rows, 1 to
 *     100,000
 * @param chunkSize a chunk also ends after so many bytes of the file as UTF-8
 * @param chunkTime a chunk also ends after this time of reading; at least 1 ms
 * @param maxRejections how many rejected rows of a job are stored, 0 to 10,000,000; all are counted
 * @param maxRejectionSize how many bytes of rejected rows of a job are stored; also at most 8 times
 *     the size of the file and 1 MB
 * @param undoRetention how long what a finished job has replaced is kept, and the job can be
 *     undone, 1 s to 10 years
 */
@Validated
@ConfigurationProperties("waybill.import")
record ImportProperties(
    @DefaultValue("1") @Min(1) @Max(64) int threads,
    @DefaultValue("10000") @Min(1) @Max(100_000) int chunkRows,
    @DefaultValue("4MB") DataSize chunkSize,
    @DefaultValue("250ms") @DurationMin(millis = 1) Duration chunkTime,
    @DefaultValue("100000") @Min(0) @Max(10_000_000) int maxRejections,
    @DefaultValue("256MB") DataSize maxRejectionSize,
    @DefaultValue("7d") @DurationMin(seconds = 1) @DurationMax(days = 3653)
        Duration undoRetention) {

  ImportProperties {
    if (chunkSize.toBytes() < 1) {
      throw new IllegalArgumentException("chunk-size must be at least 1B: " + chunkSize);
    }
    if (maxRejectionSize.isNegative()) {
      throw new IllegalArgumentException("max-rejection-size is negative: " + maxRejectionSize);
    }
  }
}
