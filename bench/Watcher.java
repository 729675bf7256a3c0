import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection of a watcher. It parses chunks and frames only as far as needed to find the
 * timestamps of events.
 */
final class Watcher {

  private static final int IN_HEAD = -1;

  /** The value of {@code left} while the connection is in the line with the length of a chunk. */
  private static final int IN_LENGTH = -2;

  final SocketChannel channel;
  private final Tally tally;
  private StringBuilder head = new StringBuilder();
  private boolean chunked;

  /**
   * The number of bytes left in the current chunk; {@code IN_HEAD} or {@code IN_LENGTH} before a
   * chunk.
   */
  private long left = IN_HEAD;

  private long chunkLength;
  private boolean lengthRead;
  private int digits = SteadyEvents.STAMP_DIGITS;
  private long number;
  private long stamp;
  private long expected;

  Watcher(SocketChannel channel, Tally tally) {
    this.channel = channel;
    this.tally = tally;
  }

  boolean isOpen() {
    return left != IN_HEAD;
  }

  void take(byte[] bytes, int length) throws IOException {
    int at = left == IN_HEAD ? readHead(bytes, length) : 0;
    while (at < length) {
      if (!chunked) {
        takeBody(bytes, at, length);
        return;
      }
      if (left == IN_LENGTH) {
        at = readLength(bytes, at, length);
      } else {
        int end = (int) Math.min(length, at + left);
        takeBody(bytes, at, end);
        left -= end - at;
        at = end;
        if (left == 0) {
          left = IN_LENGTH;
          chunkLength = 0;
          lengthRead = false;
        }
      }
    }
  }

  private int readHead(byte[] bytes, int length) throws IOException {
    int before = head.length();
    head.append(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      return length;
    }
    String text = head.substring(0, end).toLowerCase(Locale.ROOT);
    if (!text.startsWith("http/1.1 200")) {
      throw new IOException("the server answered " + text);
    }
    chunked = text.contains("transfer-encoding: chunked");
    left = chunked ? IN_LENGTH : 0;
    head = null;
    return end + 4 - before;
  }

  private int readLength(byte[] bytes, int from, int length) throws IOException {
    for (int i = from; i < length; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit >= 0) {
        chunkLength = chunkLength * 16 + digit;
        lengthRead = true;
      } else if (bytes[i] == '\n' && lengthRead) {
        if (chunkLength == 0) {
          throw new EOFException("the stream has ended");
        }
        left = chunkLength;
        return i + 1;
      }
      // Otherwise this is the line end that closes the previous chunk.
    }
    return length;
  }

  private void takeBody(byte[] bytes, int from, int end) throws IOException {
    int at = from;
    while (at < end) {
      if (digits == SteadyEvents.STAMP_DIGITS) {
        while (at < end && bytes[at] != SteadyEvents.MARK) {
          at++;
        }
        if (at == end) {
          return;
        }
        at++;
        digits = 0;
        number = 0;
        stamp = 0;
      }
      for (; at < end && digits < SteadyEvents.STAMP_DIGITS; at++, digits++) {
        if (digits < SteadyEvents.NUMBER_DIGITS) {
          number = number * 10 + bytes[at] - '0';
        } else {
          stamp = stamp * 10 + bytes[at] - '0';
        }
      }
      if (digits == SteadyEvents.STAMP_DIGITS) {
        tally.arrived(number, stamp, number == expected);
        expected = number + 1;
      }
    }
  }
}
