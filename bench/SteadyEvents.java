import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Publishes synthetic events at a steady rate. Each event contains the time at which it was due. So
 * if the publisher falls behind, the measured latency includes this delay.
 */
final class SteadyEvents {

  /**
   * The character that starts the timestamp in an event's data. It occurs nowhere else in a stream.
   */
  static final byte MARK = '~';

  /**
   * The number of digits of the event number, which follows the mark. It counts from 0. After it
   * comes the {@link System#nanoTime()} at which the event was due.
   */
  static final int NUMBER_DIGITS = 8;

  static final int STAMP_DIGITS = NUMBER_DIGITS + 19;

  /**
   * The text after the timestamp. It is so long that an event, with the names of its fields, has
   * 200 bytes in the stream.
   */
  private static final String FILLING =
      "\",\"sku\":\"MUG-0001\",\"name\":\"Mug, white, 330 ml, stackable\",\"price\":12.9,"
          + "\"currency\":\"EUR\",\"quantity\":250,\"category\":\"Kitchen\"}";

  private SteadyEvents() {}

  /** Publishes all events. Blocks until all are published or the thread is interrupted. */
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
