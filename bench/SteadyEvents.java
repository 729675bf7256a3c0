import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Publishes synthetic events at a steady rate. Each event contains the time at which it was due. So
 * if the publisher falls behind, the measured latency includes the delay.
 */
final class SteadyEvents {

  /** Starts the timestamp in an event's data. The character occurs nowhere else in a stream. */
  static final byte MARK = '~';

  /**
   * Digits after the mark: the number of the event from 0, followed by its {@link
   * System#nanoTime()}.
   */
  static final int NUMBER_DIGITS = 8;

  static final int STAMP_DIGITS = NUMBER_DIGITS + 19;

  /**
   * Text after the timestamp. With it and the names of the fields, an event has 200 bytes in the
   * stream.
   */
  private static final String FILLING =
      "\",\"sku\":\"MUG-0001\",\"name\":\"Mug, white, 330 ml, stackable\",\"price\":12.9,"
          + "\"currency\":\"EUR\",\"quantity\":250,\"category\":\"Kitchen\"}";

  private SteadyEvents() {}

  /** Publishes all events. Blocks until it has finished or is interrupted. */
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
