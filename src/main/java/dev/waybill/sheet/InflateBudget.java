package dev.waybill.sheet;

/**
 * Counts and limits the number of bytes that one file has after inflating. The count covers all
 * parts of the file, and also the archive that contains the file. Only one thread at a time may use
 * an instance.
 */
public final class InflateBudget {

  private final long maxBytes;
  private final int maxRatio;
  private final long freeOfRatio;
  private final long sent;
  private long inflated;

  /**
   * @param maxBytes the maximum number of inflated bytes in total
   * @param maxRatio the maximum ratio of inflated bytes to sent bytes
   * @param freeOfRatio the number of inflated bytes that are allowed in addition to the ratio
   * @param sent the size of the file as it was sent, in bytes
   */
  public InflateBudget(long maxBytes, int maxRatio, long freeOfRatio, long sent) {
    this.maxBytes = maxBytes;
    this.maxRatio = maxRatio;
    this.freeOfRatio = freeOfRatio;
    this.sent = sent;
  }

  void take(int bytes) throws SheetException {
    inflated += bytes;
    if (inflated > maxBytes) {
      throw SheetException.tooLarge(
          "The parts of the file that are needed inflate to more than %,d bytes, which is the limit waybill.upload.max-size."
              .formatted(maxBytes));
    }
    if (inflated > freeOfRatio + maxRatio * sent) {
      throw SheetException.tooLarge(
          "The file inflates to more than %,d times its size, which is the limit waybill.upload.max-inflate-ratio."
              .formatted(maxRatio));
    }
  }
}
