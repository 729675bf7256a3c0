package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event, comment or {@code retry:} as it goes over the wire. It is encoded once in each form
 * that a client needs; all clients share the bytes. Thread-safe.
 */
final class EncodedFrame {

  private static final byte[] NOTHING = {};

  private final @Nullable Header event;
  private final byte[] bytes;
  private final long bornNanos;
  private final @Nullable StreamEvent source;
  private final long retryMillis;

  /** Made from the source when the first WebSocket needs it. */
  private volatile byte @Nullable [] message;

  private EncodedFrame(
      @Nullable Header event,
      byte[] bytes,
      byte @Nullable [] message,
      long bornNanos,
      @Nullable StreamEvent source,
      long retryMillis) {
    this.event = event;
    this.bytes = bytes;
    this.message = message;
    this.bornNanos = bornNanos;
    this.source = source;
    this.retryMillis = retryMillis;
  }

  /** ID, type and position of the event, or null for a comment or a {@code retry:}. */
  @Nullable Header event() {
    return event;
  }

  /** As SSE has it; never changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Never changed. A message can only be had of a frame that has its source. */
  byte[] bytes(WireForm form) {
    return switch (form) {
      case SSE -> bytes;
      case MESSAGE -> message();
    };
  }

  private byte[] message() {
    byte[] made = message;
    if (made == null) {
      StreamEvent from = Objects.requireNonNull(source);
      made = WebSocketFrames.event(idOf(from), from, from.data(), from.extras().text());
      message = made;
    }
    return made;
  }

  /** When the frame was made; for a live event, the moment from which it waits. */
  long bornNanos() {
    return bornNanos;
  }

  /** The event itself, null where nobody encodes it again. */
  @Nullable StreamEvent source() {
    return source;
  }

  /** When the client comes back, for the last frame of a connection; otherwise 0. */
  long retryMillis() {
    return retryMillis;
  }

  /** The same, for a client that encodes the event for itself, or in another form. */
  EncodedFrame from(StreamEvent source) {
    return new EncodedFrame(headerWithin(source), bytes, null, bornNanos, source, 0);
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
    return new EncodedFrame(
        new Header(event.id(), event.type(), event.position()),
        bytes("id: " + idOf(event) + "\n", event, event.data()),
        null,
        nowNanos,
        null,
        0);
  }

  private static String idOf(StreamEvent event) {
    String messageId = event.extras().messageId();
    return messageId == null ? event.id().toString() : event.id() + "/" + messageId;
  }

  /**
   * An event on a connection for several streams.
   *
   * @param joinedId the positions of all streams, this event's included
   * @param data the event's data as the connection wraps it, one line
   */
  static EncodedFrame joined(
      WireForm form, StreamEvent event, String joinedId, String data, long nowNanos) {
    return switch (form) {
      case SSE ->
          new EncodedFrame(
              headerWithin(event),
              bytes("id: " + joinedId + "\n", event, data),
              null,
              nowNanos,
              null,
              0);
      case MESSAGE ->
          new EncodedFrame(
              headerWithin(event),
              NOTHING,
              WebSocketFrames.event(joinedId, event, data, false),
              nowNanos,
              null,
              0);
    };
  }

  /** An event for one connection: without an ID, so that it moves no cursor. */
  static EncodedFrame direct(StreamEvent event, long nowNanos) {
    EventType type = event.type();
    // Replaces only what was sent to the connection itself, never an event of a stream.
    EventType own = new EventType(type.name(), type.delivery(), "\n" + type.key());
    return new EncodedFrame(
        new Header(event.id(), own, 0),
        bytes("", event, event.data()),
        WebSocketFrames.event(null, event, event.data(), event.extras().text()),
        nowNanos,
        null,
        0);
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

  private static String retryLine(@Nullable Integer millis) {
    return millis == null ? "" : "retry: " + millis + "\n";
  }

  private static String nameLine(@Nullable String name) {
    return name == null ? "" : "event: " + name + "\n";
  }

  /**
   * The first bytes of every stream: a {@code retry:}, and a comment that flushes proxies and names
   * the emitter. A WebSocket needs neither.
   */
  static EncodedFrame preface(String emitterId, long retryMillis, long nowNanos) {
    return control(
        "retry: " + retryMillis + "\n: waybill " + emitterId + "\n\n", NOTHING, nowNanos);
  }

  /** All that a stream is answered with that gets no emitter. */
  static EncodedFrame refusal(long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n: waybill\n\n", NOTHING, nowNanos);
  }

  /**
   * The first event of a connection.
   *
   * @param cursor the ID or the joined IDs from which the connection goes on
   */
  static EncodedFrame open(String cursor, String emitterId, long nowNanos) {
    return own(cursor, "waybill.open", "{\"emitterId\":\"" + emitterId + "\"}", nowNanos);
  }

  /** The last bytes of a stream that ends before its job. A WebSocket says it by its code. */
  static EncodedFrame goodbye(long retryMillis, long nowNanos) {
    return last("retry: " + retryMillis + "\n\n", retryMillis, nowNanos);
  }

  /** As {@link #goodbye}, with an empty ID, so that the client forgets the last one. */
  static EncodedFrame forgetId(long retryMillis, long nowNanos) {
    return last("id:\nretry: " + retryMillis + "\n\n", retryMillis, nowNanos);
  }

  /** The last event of a stream whose credential has ended. It does not move a cursor. */
  static EncodedFrame expired(long nowNanos) {
    return own(null, "waybill.expired", "{}", nowNanos);
  }

  /** As {@link #goodbye}, with the joined IDs of all streams, of which one has started over. */
  static EncodedFrame comeBack(String joinedId, long retryMillis, long nowNanos) {
    return last("id: " + joinedId + "\nretry: " + retryMillis + "\n\n", retryMillis, nowNanos);
  }

  /** The last bytes of a connection that was closed by its ID: its client need not come back. */
  static EncodedFrame closed(long nowNanos) {
    return own(Cursor.CLOSED, "waybill.closed", "{}", nowNanos);
  }

  /** A comment, and for a WebSocket a ping. */
  static EncodedFrame heartbeat(long nowNanos) {
    return control(": heartbeat\n\n", WebSocketFrames.ping(), nowNanos);
  }

  /** The answer to a ping, only for a WebSocket. */
  static EncodedFrame pong(byte[] payload, long nowNanos) {
    return control("", WebSocketFrames.pong(payload), nowNanos);
  }

  /** An event of the connection itself; its name and data have no character to escape. */
  private static EncodedFrame own(@Nullable String id, String name, String data, long nowNanos) {
    String sse = (id == null ? "" : "id: " + id + "\n") + nameLine(name) + "data: " + data + "\n\n";
    String field = id == null ? "" : "\"id\":\"" + id + "\",";
    String message = "{" + field + "\"event\":\"" + name + "\",\"data\":" + data + "}";
    return control(sse, WebSocketFrames.text(message), nowNanos);
  }

  private static EncodedFrame last(String text, long retryMillis, long nowNanos) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return new EncodedFrame(null, bytes, NOTHING, nowNanos, null, retryMillis);
  }

  private static EncodedFrame control(String text, byte[] message, long nowNanos) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return new EncodedFrame(null, bytes, message, nowNanos, null, 0);
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
