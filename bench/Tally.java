/**
 * Counts the events that arrived, and their latencies: the times from when they were due until they
 * arrived. For use by one thread.
 */
final class Tally {

  private static final int BUCKET_NANOS = 20_000;

  /** The number of events by latency, up to 20 s. The last bucket counts all longer latencies. */
  private final int[] buckets = new int[1_000_000];

  private final long measuredFrom;
  private long arrived;
  private long measured;
  private long outOfOrder;

  /**
   * @param measuredFrom the number of the first event whose latency is measured
   */
  Tally(long measuredFrom) {
    this.measuredFrom = measuredFrom;
  }

  void arrived(long number, long stamp, boolean inOrder) {
    arrived++;
    if (!inOrder) {
      outOfOrder++;
    }
    if (number >= measuredFrom) {
      measured++;
      long bucket = (System.nanoTime() - stamp) / BUCKET_NANOS;
      buckets[(int) Math.min(buckets.length - 1, bucket)]++;
    }
  }

  /** Adds the counts of another tally. */
  void add(Tally other) {
    arrived += other.arrived;
    measured += other.measured;
    outOfOrder += other.outOfOrder;
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] += other.buckets[i];
    }
  }

  long arrived() {
    return arrived;
  }

  /**
   * The number of events whose number did not follow the previous number on the same connection.
   */
  long outOfOrder() {
    return outOfOrder;
  }

  double latencyMillis(double share) {
    long rank = (long) Math.ceil(measured * share);
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= rank && seen > 0) {
        return (i + 1) * (BUCKET_NANOS / 1e6);
      }
    }
    return Double.NaN;
  }
}
