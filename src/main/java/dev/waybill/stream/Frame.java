package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the wire as one piece, encoded once for all clients, which share the bytes.
 *
 * @param event its ID, type and position, or null for a comment or a {@code retry:}
 * @param bytes never changed after construction
 * @param bornNanos when it was made; for a live event that is when it began to wait for clients
 */
record Frame(@Nullable Meaning event, byte[] bytes, long bornNanos) {

  /** What delivery has to know of an event. */
  record Meaning(EventId id, EventType type, long position) {

    /** Whether it tells how far the job is, so that an older one must not follow a newer one. */
    boolean isState() {
      return type.delivery() == Delivery.STATE || type.delivery() == Delivery.LATEST;
    }
  }

  static Frame of(StreamEvent event, long nowNanos) {
    String text =
        "id: "
            + event.id()
            + nameLine(event.type().name())
            + "\ndata: "
            + dataLines(event.data())
            + "\n\n";
    return new Frame(
        new Meaning(event.id(), event.type(), event.position()),
        text.getBytes(StandardCharsets.UTF_8),
        nowNanos);
  }

  private static String nameLine(@Nullable String name) {
    return name == null ? "" : "\nevent: " + name;
  }

  /** The first bytes of every stream: when to come back, and a comment to flush proxies. */
  static Frame preface(long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n: waybill\n\n", nowNanos);
  }

  /** The last bytes of a stream that ends before its job. */
  static Frame goodbye(long retryMillis, long nowNanos) {
    return control("retry: " + retryMillis + "\n\n", nowNanos);
  }

  /** As {@link #goodbye}, and an empty ID, by which the client forgets the last one. */
  static Frame forgetId(long retryMillis, long nowNanos) {
    return control("id:\nretry: " + retryMillis + "\n\n", nowNanos);
  }

  static Frame heartbeat(long nowNanos) {
    return control(": heartbeat\n\n", nowNanos);
  }

  private static Frame control(String text, long nowNanos) {
    return new Frame(null, text.getBytes(StandardCharsets.US_ASCII), nowNanos);
  }

  /**
   * JSON as the encoders write it has none of these characters, so this costs one scan. Where one
   * slips in, it must not end the field: every kind of line end begins a further data line, which
   * the client joins again, and NUL, which some clients take for the end, is replaced.
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
