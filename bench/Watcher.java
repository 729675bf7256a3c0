import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection of a watcher, by server-sent events or by WebSocket. It parses chunks and frames
 * only as far as needed to find the timestamps of events and to answer pings.
 */
final class Watcher {

  private static final int IN_HEAD = -1;

  /** The value of {@code left} while the connection is in the line with the length of a chunk. */
  private static final int IN_LENGTH = -2;

  /** The value of {@code left} while the connection is in the head of a WebSocket frame. */
  private static final int IN_FRAME_HEAD = -3;

  private static final int CLOSE = 8;
  private static final int PING = 9;

  /** A pong without payload, with a mask of zeros. Without it, the server closes the connection. */
  private static final byte[] PONG = {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0};

  private enum Form {
    PLAIN,
    CHUNKS,
    WEB_SOCKET_FRAMES
  }

  final SocketChannel channel;
  private final Tally tally;
  private StringBuilder head = new StringBuilder();
  private Form form = Form.PLAIN;

  /**
   * The number of bytes left in the current chunk or frame; before a chunk or frame, {@code
   * IN_HEAD}, {@code IN_LENGTH} or {@code IN_FRAME_HEAD}.
   */
  private long left = IN_HEAD;

  private long chunkLength;
  private boolean lengthRead;
  private final byte[] frameHead = new byte[10];
  private int frameHeadBytes;
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
      if (form == Form.PLAIN) {
        takeBody(bytes, at, length);
        return;
      }
      if (left == IN_LENGTH) {
        at = readLength(bytes, at, length);
      } else if (left == IN_FRAME_HEAD) {
        readFrameHead(bytes[at++]);
      } else {
        int end = (int) Math.min(length, at + left);
        takeBody(bytes, at, end);
        left -= end - at;
        at = end;
        if (left == 0) {
          left = form == Form.CHUNKS ? IN_LENGTH : IN_FRAME_HEAD;
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
    if (text.startsWith("http/1.1 101")) {
      form = Form.WEB_SOCKET_FRAMES;
      left = IN_FRAME_HEAD;
    } else if (text.startsWith("http/1.1 200")) {
      form = text.contains("transfer-encoding: chunked") ? Form.CHUNKS : Form.PLAIN;
      left = form == Form.CHUNKS ? IN_LENGTH : 0;
    } else {
      throw new IOException("the server answered " + text);
    }
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

  private void readFrameHead(byte next) throws IOException {
    frameHead[frameHeadBytes++] = next;
    // A payload of 126 bytes or more has its length in the next two or eight bytes.
    int lengthBytes = frameHead[1] == 126 ? 2 : frameHead[1] == 127 ? 8 : 0;
    if (frameHeadBytes < 2 + lengthBytes) {
      return;
    }
    long payload = lengthBytes == 0 ? frameHead[1] : 0;
    for (int i = 2; i < frameHeadBytes; i++) {
      payload = payload << 8 | frameHead[i] & 0xff;
    }
    int opcode = frameHead[0] & 0xf;
    frameHeadBytes = 0;
    frameHead[1] = 0;
    left = payload == 0 ? IN_FRAME_HEAD : payload;
    if (opcode == CLOSE) {
      throw new EOFException("the server has closed the WebSocket");
    }
    if (opcode == PING) {
      channel.write(ByteBuffer.wrap(PONG));
    }
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
