package dev.waybill.event;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ID of an event in its stream, sent as {@code epoch-sequence}.
 *
 * @param epoch the period of the stream in which the event was published; for a job its attempt, 0
 *     while the job is queued
 * @param sequence the event's number within the epoch; numbers start at 1 and have no gaps
 */
public record EventId(int epoch, long sequence) implements Comparable<EventId> {

  /** The ID of a snapshot of a job that no pod has started yet. */
  public static final EventId QUEUED = new EventId(0, 1);

  /** The ID before the first event of a stream that has no state. */
  public static final EventId NOTHING = new EventId(0, 0);

  private static final Pattern WIRE = Pattern.compile("(0|[1-9]\\d{0,8})-(0|[1-9]\\d{0,17})");

  /** Parses an ID that a client sent. Empty if the text is not an ID. Never throws. */
  public static Optional<EventId> parse(String text) {
    Matcher matcher = WIRE.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new EventId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** The first ID of an epoch. For a job, this is the ID of the attempt's snapshot. */
  public static EventId first(int epoch) {
    return new EventId(epoch, 1);
  }

  /** The ID directly before this ID in the same epoch. */
  public EventId previous() {
    return new EventId(epoch, sequence - 1);
  }

  public boolean isAfter(EventId other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(EventId other) {
    int byEpoch = Integer.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return epoch + "-" + sequence;
  }
}
