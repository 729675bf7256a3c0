package dev.waybill.product;

/**
 * Identifies the job that writes products, and where its changes are stored.
 *
 * @param writer the number that identifies the job in each product that it writes
 * @param chunk the number of the first row of the chunk that is being written
 * @param keeps whether the changes are stored
 */
public record Writing(int writer, long chunk, boolean keeps) {

  /** Writes without a job, and stores no changes. */
  static final Writing REHEARSAL = new Writing(0, 0, false);
}
