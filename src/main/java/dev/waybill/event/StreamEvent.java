package dev.waybill.event;

/**
 * One event of a stream, as published.
 *
 * @param streamId the transaction ID of the job
 * @param data one line of JSON
 * @param position how far the job was, in rows; a snapshot or progress with a lower position than a
 *     watcher has seen is out of date
 */
public record StreamEvent(String streamId, EventId id, EventType type, String data, long position) {

  /**
   * Whether nothing is missing between an ID and this event: it is the next of the same attempt, or
   * a snapshot, which stands in for whatever came before it.
   */
  public boolean follows(EventId previous) {
    if (type == EventType.SNAPSHOT) {
      return id.isAfter(previous);
    }
    return id.attempt() == previous.attempt() && id.sequence() == previous.sequence() + 1;
  }
}
