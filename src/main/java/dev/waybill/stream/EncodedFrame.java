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
 * @param source the event itself, null where nobody encodes it again
 */
record EncodedFrame(
    @Nullable Header event, byte[] bytes, long bornNanos, @Nullable StreamEvent source) {

  EncodedFrame(@Nullable Header event, byte[] bytes, long bornNanos) {
    this(event, bytes, bornNanos, null);
  }

  /** The same, for a client that watches several streams and encodes the event for itself. */
  EncodedFrame from(StreamEvent source) {
    return new EncodedFrame(headerWithin(source), bytes, bornNanos, source);
  }

  /** Values of one name and key replace each other within their stream only. */
  private static Header headerWithin(StreamEvent event) {
    EventType type = event.type();
    String key = event.streamId() + " " + type.key();
    return new Header(
        event.id(), new EventType(type.name(), type.delivery(), key), event.position());
  }

  /** The part of an event that the delivery rules need. */
  record Header(EventId id, EventType type, long position) {

    /** Whether it says how far the job is. An older one must not follow a newer one. */
    boolean isState() {
      return type.delivery() == Delivery.STATE || type.delivery() == Delivery.LATEST;
    }
  }

  static EncodedFrame of(StreamEvent event, long nowNanos) {
    String id = event.id() + messageId(event.extras().messageId());
    return new EncodedFrame(
        new Header(event.id(), event.type(), event.position()),
        bytes("id: " + id + "\n", event, event.data()),
        nowNanos);
  }

  /**
   * An event on a connection for several streams.
   *
   * @param joinedId the positions of all streams, this event's included
   * @param data the event's data as the connection wraps it, one line
   */
  static EncodedFrame joined(StreamEvent event, String joinedId, String data, long nowNanos) {
    return new EncodedFrame(
        headerWithin(event), bytes("id: " + joinedId + "\n", event, data), nowNanos);
  }

  /** An event for one connection: without an ID, so that it moves no cursor. */
  static EncodedFrame direct(StreamEvent event, long nowNanos) {
    EventType type = event.type();
    // Replaces only what was sent to the connection itself, never an event of a stream.
    EventType own = new EventType(type.name(), type.delivery(), "\n" + type.key());
    return new EncodedFrame(
        new Header(event.id(), own, 0), bytes("", event, event.data()), nowNanos);
  }

  private static byte[] bytes(String idLine, StreamEvent event, String data) {
    String text =
        idLine
            + nameLine(event.type().name())
            + retryLine(event.extras().retryMillis())
            + "data: "
            + dataLines(data)
            + "\n\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String messageId(@Nullable String messageId) {
    return messageId == null ? "" : "/" + messageId;
  }

  private static String retryLine(@Nullable Integer millis) {
    return millis == null ? "" : "retry: " + millis + "\n";
  }

  private static String nameLine(@Nullable String name) {
    return name == null ? "" : "event: " + name + "\n";
  }

  /**
   * The first bytes of every stream: a {@code retry:}, and a comment that flushes proxies and names
   * the emitter.
   */
  static EncodedFrame preface(String emitterId, long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n: waybill " + emitterId + "\n\n", nowNanos);
  }

  /** All that a stream is answered with that gets no emitter. */
  static EncodedFrame refusal(long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n: waybill\n\n", nowNanos);
  }

  /**
   * The first event of a connection.
   *
   * @param cursor the ID or the joined IDs from which the connection goes on
   */
  static EncodedFrame open(String cursor, String emitterId, long nowNanos) {
    return control(
        "id: " + cursor + "\nevent: waybill.open\ndata: {\"emitterId\":\"" + emitterId + "\"}\n\n",
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

  /** As {@link #goodbye}, with the joined IDs of all streams, of which one has started over. */
  static EncodedFrame comeBack(String joinedId, long retryMillis, long nowNanos) {
    return control("id: " + joinedId + "\nretry: " + retryMillis + "\n\n", nowNanos);
  }

  /** The last bytes of a connection that was closed by its ID: its client need not come back. */
  static EncodedFrame closed(long nowNanos) {
    return control("id: " + Cursor.CLOSED + "\nevent: waybill.closed\ndata: {}\n\n", nowNanos);
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
