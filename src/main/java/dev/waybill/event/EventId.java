package dev.waybill.event;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ID of an event in its stream, on the wire {@code attempt-sequence}.
 *
 * @param attempt which attempt of the job published it; 0 while the job is queued
 * @param sequence its number within the attempt, from 1 without gaps
 */
public record EventId(int attempt, long sequence) implements Comparable<EventId> {

  /** What a snapshot of a job that was never picked up carries. */
  public static final EventId QUEUED = new EventId(0, 1);

  private static final Pattern WIRE = Pattern.compile("(0|[1-9]\\d{0,8})-(0|[1-9]\\d{0,17})");

  /** The ID that a client sent, or empty where the text is not one; never throws. */
  public static Optional<EventId> parse(String text) {
    Matcher matcher = WIRE.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new EventId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** The first ID of an attempt, that of its snapshot. */
  public static EventId first(int attempt) {
    return new EventId(attempt, 1);
  }

  /** The ID before this one in the same attempt. */
  public EventId previous() {
    return new EventId(attempt, sequence - 1);
  }

  public boolean isAfter(EventId other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(EventId other) {
    int byAttempt = Integer.compare(attempt, other.attempt);
    return byAttempt != 0 ? byAttempt : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return attempt + "-" + sequence;
  }
}
