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
 * Settings of imports.
 *
 * @param threads the maximum number of imports that this pod runs at the same time, 1 to 64. The
 *     default is 2 with PostgreSQL. It is 1 with SQLite, where a second import would only wait,
 *     because one connection writes
 * @param chunkRows a chunk ends after this many rows, or at the end of the product that reaches
 *     this number; 1 to 100,000. A chunk is the unit of commit and of progress
 * @param chunkSize a chunk also ends after this many bytes of the file as UTF-8
 * @param chunkTime a chunk also ends when its reading has taken this time; at least 1 ms
 * @param maxRejections the maximum number of rejected rows of a job that are stored, 0 to
 *     10,000,000; all rejected rows are counted
 * @param maxRejectionSize the maximum number of bytes of rejected rows of a job that are stored; in
 *     addition, they never exceed 8 times the size of the file plus 1 MB
 * @param undoRetention the time for which the replaced values of a finished job are kept, so that
 *     the job can be undone, 1 s to 10 years
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
