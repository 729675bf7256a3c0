package dev.waybill.csv;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The limits on the size of one record of a CSV file.
 *
 * @param maxSize the maximum number of bytes of one record as UTF-8, 1 B to 256 MB; a longer record
 *     is rejected
 * @param maxLines the maximum number of physical lines of one record; at least 1
 * @param maxColumns the maximum number of cells of one record; at least 1
 */
@Validated
@ConfigurationProperties("waybill.record")
public record RecordProperties(
    @DefaultValue("1MB") DataSize maxSize,
    @DefaultValue("5000") int maxLines,
    @DefaultValue("1000") int maxColumns) {

  public RecordProperties {
    // Creates the limits only to check the values. If a value is not allowed, the application does
    // not start.
    limits(maxSize, maxLines, maxColumns);
  }

  public CsvLimits limits() {
    return limits(maxSize, maxLines, maxColumns);
  }

  private static CsvLimits limits(DataSize maxSize, int maxLines, int maxColumns) {
    return new CsvLimits(
        (int) Math.min(Integer.MAX_VALUE, maxSize.toBytes()), maxLines, maxColumns);
  }
}
