package dev.waybill.csv;

/**
 * The maximum size of one record. A larger record is reported as damaged, so memory use stays
 * constant.
 *
 * @param maxSizeBytes the maximum number of bytes of one record as UTF-8, without its line end
 * @param maxLines the maximum number of physical lines of one record
 * @param maxColumns the maximum number of cells of one record; the header is a record too
 */
public record CsvLimits(int maxSizeBytes, int maxLines, int maxColumns) {

  public static final CsvLimits DEFAULTS = new CsvLimits(1 << 20, 5000, 1000);

  /**
   * The largest allowed {@code maxSizeBytes}. The framer keeps twice as many bytes in one array.
   */
  private static final int LARGEST_RECORD = 256 << 20;

  public CsvLimits {
    if (maxSizeBytes < 1 || maxSizeBytes > LARGEST_RECORD || maxLines < 1 || maxColumns < 1) {
      throw new IllegalArgumentException(
          "Limits must be at least 1, and a record at most 256 MiB: %d bytes, %d lines, %d columns"
              .formatted(maxSizeBytes, maxLines, maxColumns));
    }
  }
}
