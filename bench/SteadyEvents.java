import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Publishes synthetic events at an even rate, each stamped with the moment at which it was due, so
 * that a publisher that falls behind shows in the latency.
 */
final class SteadyEvents {

  /** Begins the stamp in an event's data; occurs nowhere else in a stream. */
  static final byte MARK = '~';

  /** Digits after the mark: number of the event from 0, then its {@link System#nanoTime()}. */
  static final int NUMBER_DIGITS = 8;

  static final int STAMP_DIGITS = NUMBER_DIGITS + 19;

  /** With the names of the fields, what comes around the stamp makes a frame of 200 bytes. */
  private static final String FILLING =
      "\",\"sku\":\"MUG-0001\",\"name\":\"Mug, white, 330 ml, stackable\",\"price\":12.9,"
          + "\"currency\":\"EUR\",\"quantity\":250,\"category\":\"Kitchen\"}";

  private SteadyEvents() {}

  /** Blocks until all are published, or until interrupted. */
  static void publish(double perSecond, long count, Consumer<String> publisher) {
    long begin = System.nanoTime();
    for (long i = 0; i < count && !Thread.currentThread().isInterrupted(); i++) {
      long due = begin + (long) (i * 1e9 / perSecond);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      publisher.accept(
          String.format(Locale.ROOT, "{\"at\":\"%c%08d%019d", (char) MARK, i, due) + FILLING);
    }
  }
}
