package dev.waybill.product;

/**
 * Identifies the job that writes products, and determines whether the changes of the job are
 * stored.
 *
 * @param writer the number that identifies the job in each product that it writes
 * @param chunk the number of the first row of the chunk that is being written
 * @param room the number of bytes of changes that may be stored, or {@link #NOTHING}. The database
 *     stops storing changes when the changes need more bytes, so one chunk cannot fill the disk;
 *     see {@link StoredChanges#exceed}.
 */
public record Writing(int writer, long chunk, long room) {

  /** The value of {@code room} with which no changes are stored. */
  public static final long NOTHING = -1;

  /** The values for a write that belongs to no job and stores no changes. */
  static final Writing REHEARSAL = new Writing(0, 0, NOTHING);

  /** Whether the changes are stored. */
  public boolean keeps() {
    return room >= 0;
  }
}
