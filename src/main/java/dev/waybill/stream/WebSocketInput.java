package dev.waybill.stream;

import java.util.Arrays;

/**
 * Reads the frames that a WebSocket client sends. The server only needs the control frames, so this
 * class drops all messages. Not thread-safe.
 */
final class WebSocketInput {

  /**
   * The maximum size, in bytes, of a message that a client may send, including all its fragments.
   */
  static final int MOST_BYTES = 1024;

  static final int PROTOCOL_ERROR = 1002;
  static final int NO_STATUS = 1005;
  static final int TOO_BIG = 1009;

  private static final int MOST_CONTROL_BYTES = 125;
  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int CONTINUATION = 0x0;
  private static final int BINARY = 0x2;
  private static final int MASK_BYTES = 4;

  /** Handles pings and the end of the conversation. */
  interface Listener {

    /**
     * Handles a ping.
     *
     * @param payload at most 125 bytes
     */
    void ping(byte[] payload);

    /**
     * Called when the client closes the connection or has broken the protocol. This method is
     * called at most once, and no bytes are read after the call.
     *
     * @param code the close code with which the server must answer
     * @param byClient whether the client has sent a close frame
     */
    void close(int code, boolean byClient);
  }

  private final Listener listener;

  /**
   * The head of the current frame: two bytes, then up to eight bytes for the length, then four
   * bytes for the mask.
   */
  private final byte[] head = new byte[14];

  private final byte[] control = new byte[MOST_CONTROL_BYTES];
  private int headBytes;
  private int opcode;
  private boolean fin;
  private int length;
  private int read;

  /** The size of the unfinished message in bytes, without the current frame. */
  private int messageBytes;

  private boolean withinMessage;
  private boolean over;

  WebSocketInput(Listener listener) {
    this.listener = listener;
  }

  /** Reads the next bytes. After the end of the conversation, all bytes are dropped. */
  void take(byte[] bytes, int count) {
    int at = 0;
    while (at < count && !over) {
      if (headBytes < headLength()) {
        head[headBytes++] = bytes[at++];
        if (headBytes == 2) {
          checkStart();
        }
        if (headBytes == headLength() && !over) {
          startPayload();
        }
      } else {
        int part = Math.min(length - read, count - at);
        if (isControl()) {
          System.arraycopy(bytes, at, control, read, part);
        }
        read += part;
        at += part;
      }
      if (!over && headBytes > 1 && headBytes == headLength() && read == length) {
        endFrame();
      }
    }
  }

  /**
   * The length of the frame's head, as far as the length is known at this point. The second byte of
   * the head determines how many bytes of the head follow.
   */
  private int headLength() {
    return headBytes < 2 ? 2 : 2 + lengthBytes() + MASK_BYTES;
  }

  private int lengthBytes() {
    return switch (head[1] & 0x7F) {
      case 126 -> 2;
      case 127 -> 8;
      default -> 0;
    };
  }

  private void checkStart() {
    opcode = head[0] & 0x0F;
    fin = (head[0] & FIN) != 0;
    boolean known = opcode <= BINARY || opcode >= WebSocketFrames.CLOSE && opcode <= 0xA;
    boolean inOrder =
        isControl()
            ? fin && (head[1] & 0x7F) <= MOST_CONTROL_BYTES
            : (opcode == CONTINUATION) == withinMessage;
    if ((head[0] & RESERVED) != 0 || (head[1] & MASKED) == 0 || !known || !inOrder) {
      end(PROTOCOL_ERROR, false);
    }
  }

  private void startPayload() {
    long declared = head[1] & 0x7F;
    if (lengthBytes() > 0) {
      declared = 0;
      for (int i = 2; i < 2 + lengthBytes(); i++) {
        declared = declared << 8 | head[i] & 0xFF;
      }
    }
    read = 0;
    length = 0;
    // In a negative number the highest bit is set, which RFC 6455 does not allow for a length.
    if (declared < 0) {
      end(PROTOCOL_ERROR, false);
    } else if (!isControl() && messageBytes + declared > MOST_BYTES) {
      end(TOO_BIG, false);
    } else {
      length = (int) declared;
    }
  }

  private void endFrame() {
    if (isControl()) {
      endControl(unmasked());
    } else {
      withinMessage = !fin;
      messageBytes = fin ? 0 : messageBytes + length;
    }
    headBytes = 0;
    read = 0;
    length = 0;
  }

  private void endControl(byte[] payload) {
    switch (opcode) {
      case WebSocketFrames.PING -> listener.ping(payload);
      case WebSocketFrames.CLOSE -> {
        int code = payload.length < 2 ? NO_STATUS : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        boolean legal = payload.length == 0 || payload.length > 1 && isSendable(code);
        end(legal ? code : PROTOCOL_ERROR, true);
      }
      default -> {} // a pong needs no action: only its arrival matters
    }
  }

  /** Whether RFC 6455 allows this code in a close frame. */
  private static boolean isSendable(int code) {
    return code >= 3000 && code < 5000
        || code >= 1000 && code <= 1014 && code != 1004 && code != NO_STATUS && code != 1006;
  }

  private byte[] unmasked() {
    byte[] payload = Arrays.copyOf(control, length);
    int mask = headLength() - MASK_BYTES;
    for (int i = 0; i < length; i++) {
      payload[i] ^= head[mask + i % MASK_BYTES];
    }
    return payload;
  }

  private boolean isControl() {
    return opcode >= WebSocketFrames.CLOSE;
  }

  private void end(int code, boolean byClient) {
    over = true;
    listener.close(code, byClient);
  }
}
