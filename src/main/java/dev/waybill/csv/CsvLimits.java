package dev.waybill.csv;

/**
 * How large one record may be. A larger record is damage, so the use of memory stays flat.
 *
 * @param maxSizeBytes bytes of the record as UTF-8, without its line end
 * @param maxLines physical lines that it spans
 * @param maxColumns its cells; the header's too
 */
public record CsvLimits(int maxSizeBytes, int maxLines, int maxColumns) {

  public static final CsvLimits DEFAULTS = new CsvLimits(1 << 20, 5000, 1000);

  /** The framer's buffer holds twice a record, in an array. */
  private static final int LARGEST_RECORD = 256 << 20;

  public CsvLimits {
    if (maxSizeBytes < 1 || maxSizeBytes > LARGEST_RECORD || maxLines < 1 || maxColumns < 1) {
      throw new IllegalArgumentException(
          "Limits must be at least 1, and a record at most 256 MiB: %d bytes, %d lines, %d columns"
              .formatted(maxSizeBytes, maxLines, maxColumns));
    }
  }
}
