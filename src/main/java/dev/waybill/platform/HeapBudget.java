package dev.waybill.platform;

/**
 * Divides the heap among the things that callers can create in large numbers, so that no mix of
 * permitted requests exhausts it. A limit without a setting is derived from it at the start.
 *
 * @param heapBytes the most that the heap may grow to
 */
public record HeapBudget(long heapBytes) {

  public HeapBudget {
    if (heapBytes <= 0) {
      throw new IllegalArgumentException("A heap of " + heapBytes + " bytes has no share to give");
    }
  }

  /** The budget of this process, by its {@code -Xmx} or the JVM's own choice. */
  public static HeapBudget ofThisProcess() {
    return new HeapBudget(Runtime.getRuntime().maxMemory());
  }

  /**
   * How many things fit into a share of the heap.
   *
   * @param share part of the heap that all of them may take together, above 0 and at most 1
   * @param bytesEach what one of them holds at most, in bytes, at least 1
   * @param atMost upper bound of the answer, at least 1
   * @return from 1 to {@code atMost}
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
