package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One event, comment or {@code retry:} as it goes over the wire. It is encoded once; all clients
 * share the bytes.
 *
 * @param event ID, type and position of the event, or null for a comment or a {@code retry:}
 * @param bytes never changed after construction
 * @param bornNanos when the frame was made; for a live event, the moment from which it waits
 */
record EncodedFrame(@Nullable Header event, byte[] bytes, long bornNanos) {

  /** The part of an event that the delivery rules need. */
  record Header(EventId id, EventType type, long position) {

    /** Whether it says how far the job is. An older one must not follow a newer one. */
    boolean isState() {
      return type.delivery() == Delivery.STATE || type.delivery() == Delivery.LATEST;
    }
  }

  static EncodedFrame of(StreamEvent event, long nowNanos) {
    String text =
        "id: "
            + event.id()
            + messageId(event.extras().messageId())
            + nameLine(event.type().name())
            + retryLine(event.extras().retryMillis())
            + "\ndata: "
            + dataLines(event.data())
            + "\n\n";
    return new EncodedFrame(
        new Header(event.id(), event.type(), event.position()),
        text.getBytes(StandardCharsets.UTF_8),
        nowNanos);
  }

  private static String messageId(@Nullable String messageId) {
    return messageId == null ? "" : "/" + messageId;
  }

  private static String retryLine(@Nullable Integer millis) {
    return millis == null ? "" : "\nretry: " + millis;
  }

  private static String nameLine(@Nullable String name) {
    return name == null ? "" : "\nevent: " + name;
  }

  /** The first bytes of every stream: a {@code retry:}, and a comment that flushes proxies. */
  static EncodedFrame preface(long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n: waybill\n\n", nowNanos);
  }

  /**
   * The first event of a connection to a stream without a state.
   *
   * @param cursor from where the connection goes on, null where the event must not move a cursor
   */
  static EncodedFrame open(@Nullable EventId cursor, String emitterId, long nowNanos) {
    return control(
        (cursor == null ? "" : "id: " + cursor + "\n")
            + "event: waybill.open\ndata: {\"emitterId\":\""
            + emitterId
            + "\"}\n\n",
        nowNanos);
  }

  /** The last bytes of a stream that ends before its job. */
  static EncodedFrame goodbye(long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n\n", nowNanos);
  }

  /** As {@link #goodbye}, with an empty ID, so that the client forgets the last one. */
  static EncodedFrame forgetId(long retryMillis, long nowNanos) {
    return control("id:\nretry: " + retryMillis + "\n\n", nowNanos);
  }

  /** The last event of a stream whose credential has ended. It does not move a cursor. */
  static EncodedFrame expired(long nowNanos) {
    return control("event: waybill.expired\ndata: {}\n\n", nowNanos);
  }

  static EncodedFrame heartbeat(long nowNanos) {
    return control(": heartbeat\n\n", nowNanos);
  }

  private static EncodedFrame control(String text, long nowNanos) {
    return new EncodedFrame(null, text.getBytes(StandardCharsets.US_ASCII), nowNanos);
  }

  /**
   * Keeps line ends and NUL inside the field. The encoders escape them in JSON, so this usually
   * costs one scan. If one slips in, every kind of line end starts another data line, which the
   * client joins again. NUL is replaced, because some clients read it as the end.
   */
  private static String dataLines(String data) {
    for (int i = 0; i < data.length(); i++) {
      char c = data.charAt(i);
      if (c == '\n' || c == '\r' || c == 0) {
        return data.replace('\0', '\uFFFD').replaceAll("\r\n|\r|\n", "\ndata: ");
      }
    }
    return data;
  }
}
