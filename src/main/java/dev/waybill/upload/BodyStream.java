package dev.waybill.upload;

import dev.waybill.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatus;

/**
 * The body of an upload. A read throws an exception if the client sends too slowly or takes too
 * long in total. These limits are necessary because only a limited number of uploads can be in
 * progress. The rate considers only the time in which reads wait for the client. So a slow disk on
 * the server does not count against the client.
 */
final class BodyStream extends FilterInputStream {

  /**
   * The waiting time after which the rate is checked. This time is long enough to allow short
   * pauses of the client.
   */
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Pace pace;
  private final LongSupplier nanoTime;
  private final long startedAt;
  private long bytes;
  private long bytesInWindow;
  private long waitedInWindow;

  /**
   * The minimum speed that the server requires of a client.
   *
   * @param bytesPerSecond the minimum rate; 0 for no minimum
   * @param longest the maximum time for the whole body
   */
  record Pace(long bytesPerSecond, Duration longest) {}

  /**
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  BodyStream(InputStream in, Pace pace, LongSupplier nanoTime) {
    super(in);
    this.pace = pace;
    this.nanoTime = nanoTime;
    this.startedAt = nanoTime.getAsLong();
  }

  /** The number of bytes of the body that were read so far. */
  long bytes() {
    return bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long before = nanoTime.getAsLong();
    int read = super.read(buffer, offset, length);
    long after = nanoTime.getAsLong();
    if (read > 0) {
      bytes += read;
      bytesInWindow += read;
    }
    waitedInWindow += after - before;
    if (waitedInWindow >= WINDOW_NANOS) {
      judgeRate();
    }
    if (after - startedAt > pace.longest().toNanos()) {
      throw tooSlow("An upload may take at most %d seconds.".formatted(pace.longest().toSeconds()));
    }
    return read;
  }

  private void judgeRate() {
    double seconds = waitedInWindow / (double) TimeUnit.SECONDS.toNanos(1);
    if (bytesInWindow < pace.bytesPerSecond() * seconds) {
      throw tooSlow(
          "%,d bytes arrived in %.0f seconds; send at least %,d bytes a second."
              .formatted(bytesInWindow, seconds, pace.bytesPerSecond()));
    }
    bytesInWindow = 0;
    waitedInWindow = 0;
  }

  private static Problem tooSlow(String detail) {
    return Problem.of(
        HttpStatus.REQUEST_TIMEOUT, "too-slow", "The body arrives too slowly", detail);
  }
}
