package dev.waybill.product;

/**
 * Which job writes products, and where its changes are kept.
 *
 * @param writer the number that stands for the job in each product it writes
 * @param chunk the first row of the chunk that is being written
 * @param keeps whether the changes are stored
 */
public record Writing(int writer, long chunk, boolean keeps) {

  /** Writes for nobody, and keeps nothing. */
  static final Writing REHEARSAL = new Writing(0, 0, false);
}
