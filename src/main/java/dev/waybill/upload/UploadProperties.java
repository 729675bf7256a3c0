package dev.waybill.upload;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The limits for uploads.
 *
 * @param maxSize the maximum size of a file after inflating; 1B to 1TB
 * @param maxQueuedJobs the maximum number of waiting jobs, at least 1; if it is reached, further
 *     uploads are refused
 * @param maxQueuedJobsPerCaller the maximum number of waiting jobs of one caller, at least 1
 * @param maxOpen the maximum number of uploads in progress on this pod, at least 1; by default as
 *     many as fit into a quarter of the heap with 256 KB each, at most 1000
 * @param maxOpenPerCaller the maximum number of uploads of one caller in progress on this pod, at
 *     least 1; by default a quarter of {@code max-open}
 * @param maxStored the maximum number of bytes that uploads take on the disk, 1B or more, and never
 *     less than {@code max-size}. The files of unfinished jobs, previews and dry runs count, and
 *     the files that this pod is receiving
 * @param maxStoredPerCaller the maximum number of bytes that the uploads of one caller take on the
 *     disk, 1B or more, and never less than {@code max-size}
 * @param minRate the minimum number of bytes per second that a client must send, on average over 10
 *     s; only the time in which the server waits for the client counts; 0B for no limit
 * @param maxTime the maximum time that one upload may take, 1 s to 12 h
 * @param maxInflateRatio the maximum number of inflated bytes for each byte that was sent, at least
 *     1; the first 16 MB of a file are not checked
 */
@Validated
@ConfigurationProperties("waybill.upload")
record UploadProperties(
    @DefaultValue("1GB") DataSize maxSize,
    @DefaultValue("100") @Min(1) int maxQueuedJobs,
    @DefaultValue("50") @Min(1) int maxQueuedJobsPerCaller,
    @Min(1) @Nullable Integer maxOpen,
    @Min(1) @Nullable Integer maxOpenPerCaller,
    @DefaultValue("40GB") DataSize maxStored,
    @DefaultValue("10GB") DataSize maxStoredPerCaller,
    @DefaultValue("1KB") DataSize minRate,
    @DefaultValue("4h") @DurationMin(seconds = 1) @DurationMax(hours = 12) Duration maxTime,
    @DefaultValue("200") @Min(1) int maxInflateRatio) {

  private static final DataSize LARGEST = DataSize.ofTerabytes(1);

  UploadProperties {
    if (maxSize.toBytes() < 1 || maxSize.compareTo(LARGEST) > 0) {
      throw new IllegalArgumentException("max-size must be 1B to 1TB: " + maxSize);
    }
    if (maxStored.toBytes() < 1 || maxStoredPerCaller.toBytes() < 1 || minRate.isNegative()) {
      throw new IllegalArgumentException(
          "max-stored and max-stored-per-caller must be at least 1B, and min-rate at least 0B: %s, %s, %s"
              .formatted(maxStored, maxStoredPerCaller, minRate));
    }
  }
}
