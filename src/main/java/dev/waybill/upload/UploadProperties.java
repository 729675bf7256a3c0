package dev.waybill.upload;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much is taken in.
 *
 * @param maxSize the largest file that is taken in, inflated; 1B to 1TB
 * @param maxQueuedJobs how many jobs may wait before uploads are refused; at least 1
 */
@Validated
@ConfigurationProperties("waybill.upload")
record UploadProperties(
    @DefaultValue("1GB") DataSize maxSize, @DefaultValue("100") @Min(1) int maxQueuedJobs) {

  private static final DataSize LARGEST = DataSize.ofTerabytes(1);

  UploadProperties {
    if (maxSize.toBytes() < 1 || maxSize.compareTo(LARGEST) > 0) {
      throw new IllegalArgumentException("max-size must be 1B to 1TB: " + maxSize);
    }
  }
}
