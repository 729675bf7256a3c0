package dev.waybill.stream;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Presents the messages of a WebSocket as an SSE stream, so that the same tests can read both.
 * Answers pings and the server's close frame.
 */
public final class WebSocketAsSse extends InputStream {

  private static final Pattern MESSAGE =
      Pattern.compile(
          "\\{(?:\"id\":\"([^\"]*)\",)?(?:\"event\":\"([^\"]*)\",)?\"data\":(.*?)"
              + "(?:,\"text\":(true))?(?:,\"retry\":(\\d+))?\\}",
          Pattern.DOTALL);

  private final DataInputStream in;
  private final OutputStream out;
  private byte[] now;
  private int at;
  private int closeCode;

  public WebSocketAsSse(InputStream in, OutputStream out, String emitterId) {
    this.in = new DataInputStream(in);
    this.out = out;
    this.now =
        emitterId == null
            ? new byte[0]
            : ("retry: 3000\n: waybill " + emitterId + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The code with which the server has closed; 0 before that. */
  public int closeCode() {
    return closeCode;
  }

  @Override
  public int read() throws IOException {
    while (at == now.length) {
      if (closeCode != 0) {
        return -1;
      }
      now = frame().getBytes(StandardCharsets.UTF_8);
      at = 0;
    }
    return now[at++] & 0xFF;
  }

  private String frame() throws IOException {
    int head = in.readUnsignedByte();
    if ((head & 0xF0) != 0x80) {
      throw new IOException("a server sends whole frames, not " + Integer.toHexString(head));
    }
    long length = in.readUnsignedByte(); // not masked
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = in.readNBytes(Math.toIntExact(length));
    if (payload.length < length) {
      throw new EOFException("cut off within a frame");
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    return switch (head & 0x0F) {
      case WebSocketFrames.TEXT -> sse(text);
      case WebSocketFrames.PING -> {
        answer(WebSocketFrames.PONG, payload);
        yield ": heartbeat\n\n";
      }
      case WebSocketFrames.PONG -> ": pong " + text + "\n\n";
      case WebSocketFrames.CLOSE -> {
        closeCode = (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        answer(WebSocketFrames.CLOSE, payload);
        String reason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        yield reason.startsWith("retry=") ? "retry: " + reason.substring(6) + "\n\n" : "";
      }
      default -> throw new IOException("opcode " + (head & 0x0F));
    };
  }

  /** The peer may have closed already. */
  private void answer(int opcode, byte[] payload) {
    try {
      out.write(masked(0x80 | opcode, payload));
    } catch (IOException e) {
      closeCode = closeCode == 0 ? 1006 : closeCode;
    }
  }

  /** A frame as a client sends it. */
  public static byte[] masked(int firstByte, byte[] payload) {
    int extended = payload.length > 125 ? 2 : 0;
    byte[] frame = new byte[6 + extended + payload.length];
    frame[0] = (byte) firstByte;
    frame[1] = (byte) (0x80 | (extended == 0 ? payload.length : 126));
    if (extended > 0) {
      frame[2] = (byte) (payload.length >> 8);
      frame[3] = (byte) payload.length;
    }
    byte[] mask = {0x12, (byte) 0xAB, 0x55, 0x7F};
    System.arraycopy(mask, 0, frame, 2 + extended, 4);
    for (int i = 0; i < payload.length; i++) {
      frame[6 + extended + i] = (byte) (payload[i] ^ mask[i % 4]);
    }
    return frame;
  }

  private static String sse(String message) throws IOException {
    Matcher matcher = MESSAGE.matcher(message);
    if (!matcher.matches()) {
      throw new IOException("not an event: " + message);
    }
    return line("id", matcher.group(1))
        + line("event", matcher.group(2))
        + line("retry", matcher.group(5))
        + line("data", matcher.group(3))
        + "\n";
  }

  private static String line(String name, String value) {
    return value == null ? "" : name + ": " + value + "\n";
  }
}
