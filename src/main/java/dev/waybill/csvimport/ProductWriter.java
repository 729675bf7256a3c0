package dev.waybill.csvimport;

/**
 * The data of a job that writes products.
 *
 * @param number the number of the job; each product that the job wrote refers to this number
 * @param touched the columns whose old values are kept, one bit for each column
 * @param state whether the changes of the job are still kept
 * @param changeRows the number of changes that are kept
 * @param changeBytes the approximate size of these changes
 */
record ProductWriter(
    int number, String jobId, int touched, State state, long changeRows, long changeBytes) {

  /** Whether the changes of a job are kept. */
  enum State {
    /** All changes are kept. */
    KEPT,
    /** Only the first changes are kept, because the job made too many changes. */
    CUT,
    /**
     * No changes are kept, because their retention time is over or because they were deleted to
     * make room for the changes of other jobs.
     */
    EXPIRED
  }

  /**
   * Makes a placeholder for a job that has no stored writer, because it has written nothing yet or
   * ran in an earlier version.
   */
  static ProductWriter none(String jobId) {
    return new ProductWriter(0, jobId, 0, State.KEPT, 0, 0);
  }
}
