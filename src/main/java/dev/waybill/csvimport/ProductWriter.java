package dev.waybill.csvimport;

/**
 * A job as a writer of products.
 *
 * @param number what stands for it in each product that it has written
 * @param touched the columns whose old values it keeps, one bit each
 * @param state whether its changes are there
 * @param changeRows how many changes it has kept
 * @param changeBytes about what they take
 */
record ProductWriter(
    int number, String jobId, int touched, State state, long changeRows, long changeBytes) {

  /** Whether the changes of a job are there. */
  enum State {
    /** All of them. */
    KEPT,
    /** Some: they were too many. */
    CUT,
    /** None: they are past their retention, or made room for others. */
    EXPIRED
  }

  /** Stands for a job that has not yet written, or was written by an earlier version. */
  static ProductWriter none(String jobId) {
    return new ProductWriter(0, jobId, 0, State.KEPT, 0, 0);
  }
}
