package dev.waybill.stream;

import dev.waybill.event.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Encodes WebSocket frames (RFC 6455) that the server sends. These frames are not masked and not
 * fragmented.
 */
final class WebSocketFrames {

  private static final JsonMapper JSON = JsonMapper.shared();

  static final int TEXT = 0x1;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final int FIN = 0x80;

  /** The largest payload, in bytes, whose length fits into the second byte of a frame. */
  private static final int SHORT = 125;

  private WebSocketFrames() {}

  /**
   * Makes a text message from an event.
   *
   * @param id the ID with which the client can resume after this event; null if the event does not
   *     change the client's cursor
   * @param data the event's data in the form that this connection needs
   * @param text whether the data is plain text instead of JSON
   */
  static byte[] event(@Nullable String id, StreamEvent event, String data, boolean text) {
    StringBuilder message = new StringBuilder(data.length() + 100).append('{');
    if (id != null) {
      message.append("\"id\":").append(quoted(id)).append(',');
    }
    if (event.type().name() != null) {
      message.append("\"event\":").append(quoted(event.type().name())).append(',');
    }
    message.append("\"data\":").append(text ? quoted(data) : data);
    if (text) {
      message.append(",\"text\":true");
    }
    if (event.extras().retryMillis() != null) {
      message.append(",\"retry\":").append(event.extras().retryMillis());
    }
    return text(message.append('}').toString());
  }

  static byte[] text(String message) {
    return frame(TEXT, message.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] ping() {
    return frame(PING, new byte[0]);
  }

  /**
   * Makes the answer to a ping.
   *
   * @param payload the payload of the ping
   */
  static byte[] pong(byte[] payload) {
    return frame(PONG, payload);
  }

  /**
   * Makes a close frame.
   *
   * @param reason at most 123 bytes
   */
  static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return frame(CLOSE, payload);
  }

  private static byte[] frame(int opcode, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 10);
    frame.write(FIN | opcode);
    if (payload.length <= SHORT) {
      frame.write(payload.length);
    } else if (payload.length <= 0xFFFF) {
      frame.write(126);
      writeLength(frame, payload.length, 2);
    } else {
      frame.write(127);
      writeLength(frame, payload.length, 8);
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream frame, long length, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      frame.write((int) (length >> shift));
    }
  }

  private static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }
}
