package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event, comment or {@code retry:} field, encoded as the bytes that are sent to clients. Each
 * form that a client needs is encoded only once, and all clients share the bytes. Thread-safe.
 */
final class EncodedFrame {

  private static final byte[] NOTHING = {};

  private final @Nullable Header event;
  private final byte[] bytes;
  private final long bornNanos;
  private final @Nullable StreamEvent source;
  private final long retryMillis;

  /**
   * The frame as a WebSocket message. This message is encoded when the first WebSocket needs it.
   */
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

  /**
   * The ID, type and position of the event. Null for a comment, for a {@code retry:}, and for an
   * event that concerns the connection itself, such as {@code waybill.open}.
   */
  @Nullable Header event() {
    return event;
  }

  /** The frame in the SSE format. The array must not be changed. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * The frame in the given form. The array must not be changed. A frame from {@link #of} can only
   * be encoded as a WebSocket message after {@link #from} has added its event.
   */
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

  /**
   * The time at which the frame was made. The age of a waiting live event is counted from this
   * time.
   */
  long bornNanos() {
    return bornNanos;
  }

  /** The event that {@link #from} has added; null if none was added. */
  @Nullable StreamEvent source() {
    return source;
  }

  /**
   * The delay in milliseconds after which the client reconnects, if this is the last frame of a
   * connection; otherwise 0.
   */
  long retryMillis() {
    return retryMillis;
  }

  /**
   * The same frame together with its event. Some connections need the event itself, to encode it in
   * another form or to wrap its data.
   */
  EncodedFrame from(StreamEvent source) {
    return new EncodedFrame(headerWithin(source), bytes, null, bornNanos, source, 0);
  }

  /**
   * Adds the stream ID to the key of the event. So a value replaces an older value with the same
   * name and key only if both values belong to the same stream.
   */
  private static Header headerWithin(StreamEvent event) {
    EventType type = event.type();
    String key = event.streamId() + " " + type.key();
    return new Header(
        event.id(), new EventType(type.name(), type.delivery(), key), event.position());
  }

  /** The part of an event that the delivery rules need. */
  record Header(EventId id, EventType type, long position) {

    /**
     * Whether the event contains a state. An event with the delivery {@code STATE}, such as a
     * snapshot, or with the delivery {@code LATEST} contains a state. A client must not get an
     * older state after a newer state.
     */
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
   * Makes the frame of an event on a connection for several streams.
   *
   * @param joinedId the positions in all streams, including the position of this event
   * @param data the event's data, wrapped as this connection requires, on one line
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

  /**
   * Makes the frame of an event for one connection only. The frame has no ID, so the client keeps
   * its cursor.
   */
  static EncodedFrame direct(StreamEvent event, long nowNanos) {
    EventType type = event.type();
    // The line end makes this key different from all keys of events in streams. So the event only
    // replaces earlier events that were also sent to this connection alone.
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
   * The first bytes of every SSE stream: a {@code retry:}, and a comment that contains the
   * emitter's ID and makes proxies flush. A WebSocket needs neither of them, so for a WebSocket
   * this frame is empty.
   */
  static EncodedFrame preface(String emitterId, long retryMillis, long nowNanos) {
    return control(
        "retry: " + retryMillis + "\n: waybill " + emitterId + "\n\n", NOTHING, nowNanos);
  }

  /** The whole response for a client that is refused and gets no emitter. */
  static EncodedFrame refusal(long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n: waybill\n\n", NOTHING, nowNanos);
  }

  /**
   * The first event of a connection.
   *
   * @param cursor the ID, or the joined IDs, after which the client gets events
   */
  static EncodedFrame open(String cursor, String emitterId, long nowNanos) {
    return own(cursor, "waybill.open", "{\"emitterId\":\"" + emitterId + "\"}", nowNanos);
  }

  /**
   * The last bytes of an SSE connection after which the client reconnects. A WebSocket gets a close
   * code instead.
   */
  static EncodedFrame goodbye(long retryMillis, long nowNanos) {
    return last("retry: " + retryMillis + "\n\n", retryMillis, nowNanos);
  }

  /**
   * The last bytes of an SSE connection, like {@link #goodbye}, but with an empty ID. The empty ID
   * makes the client forget its last ID.
   */
  static EncodedFrame forgetId(long retryMillis, long nowNanos) {
    return last("id:\nretry: " + retryMillis + "\n\n", retryMillis, nowNanos);
  }

  /**
   * The last event for a client whose credential has expired or was revoked. This event has no ID,
   * so the client keeps its cursor.
   */
  static EncodedFrame expired(long nowNanos) {
    return own(null, "waybill.expired", "{}", nowNanos);
  }

  /**
   * The last bytes of an SSE connection, like {@link #goodbye}, but with the joined IDs of all
   * streams. This frame is sent if the events of one of these streams are numbered from a lower ID
   * again.
   */
  static EncodedFrame comeBack(String joinedId, long retryMillis, long nowNanos) {
    return last("id: " + joinedId + "\nretry: " + retryMillis + "\n\n", retryMillis, nowNanos);
  }

  /** The last bytes of a connection that an operator has closed. The client does not reconnect. */
  static EncodedFrame closed(long nowNanos) {
    return own(Cursor.CLOSED, "waybill.closed", "{}", nowNanos);
  }

  /** A heartbeat: a comment for an SSE client, a ping for a WebSocket. */
  static EncodedFrame heartbeat(long nowNanos) {
    return control(": heartbeat\n\n", WebSocketFrames.ping(), nowNanos);
  }

  /** The answer to a ping. Only a WebSocket gets it. */
  static EncodedFrame pong(byte[] payload, long nowNanos) {
    return control("", WebSocketFrames.pong(payload), nowNanos);
  }

  /**
   * Makes an event that concerns the connection itself. The name and the data must contain no
   * character that needs escaping.
   */
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
   * Encodes line ends and NUL so that they cannot end the field. The JSON encoders already escape
   * these characters, so usually this method only scans the data once. At each line end, the method
   * starts another data line, and the client joins the lines again. The method replaces NUL,
   * because some clients treat NUL as the end of the data.
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
