package dev.waybill.platform;

/**
 * Divides the heap among the objects that callers can create in large numbers. So no mix of
 * permitted requests can exhaust the heap. If the operator has not set a limit, the limit is
 * calculated from the size of the heap when the process starts.
 *
 * @param heapBytes the largest size that the heap may have
 */
public record HeapBudget(long heapBytes) {

  public HeapBudget {
    if (heapBytes <= 0) {
      throw new IllegalArgumentException("A heap of " + heapBytes + " bytes has no share to give");
    }
  }

  /** The budget of this process, from {@code -Xmx} or the JVM's default. */
  public static HeapBudget ofThisProcess() {
    return new HeapBudget(Runtime.getRuntime().maxMemory());
  }

  /**
   * The number of objects that fit into a share of the heap.
   *
   * @param share the share of the heap that all objects together may take, above 0 and at most 1
   * @param bytesEach the maximum number of bytes that one object takes, at least 1
   * @param atMost the upper bound of the result, at least 1
   * @return a number from 1 to {@code atMost}
   */
  public int count(double share, long bytesEach, int atMost) {
    return Math.clamp(bytes(share) / bytesEach, 1, atMost);
  }

  /**
   * A share of the heap in bytes.
   *
   * @param share above 0 and at most 1
   */
  public long bytes(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("A share must be above 0 and at most 1, not " + share);
    }
    return (long) (heapBytes * share);
  }
}
