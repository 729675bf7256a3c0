package dev.waybill.stream;

import dev.waybill.event.EventId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The position up to which a client has seen a stream, according to the {@code Last-Event-ID} that
 * the client sent.
 *
 * @param text the ID as the client sent it, cut to 100 characters. If a slash and the publisher's
 *     message ID follow, both are removed
 * @param id the ID of the event, or null if the text is not an ID
 */
record Cursor(String text, @Nullable EventId id) {

  /**
   * The ID of the last event on a connection that an operator has closed. If a client sends this
   * ID, it gets no stream.
   */
  static final String CLOSED = "closed";

  private static final int LONGEST = 100;

  /**
   * Reads the cursor from the header. If the header is missing or is not an ID, reads the query
   * parameter, because some polyfills send junk in the header. If neither of them is an ID, returns
   * the text of the header. If there is no header, returns the text of the parameter.
   */
  static Optional<Cursor> of(@Nullable String header, @Nullable String query) {
    Optional<Cursor> first = parse(header);
    Optional<Cursor> second = parse(query);
    return first
        .filter(Cursor::isUnderstood)
        .or(() -> second.filter(Cursor::isUnderstood))
        .or(() -> first)
        .or(() -> second);
  }

  /**
   * The cursor of one stream, from the stream's position in the joined ID of a connection for
   * several streams.
   */
  static Cursor ofPosition(String position) {
    String text = position.substring(0, Math.min(position.length(), LONGEST));
    return new Cursor(text, EventId.parse(text).orElse(null));
  }

  private static Optional<Cursor> parse(@Nullable String sent) {
    if (sent == null || sent.isBlank()) {
      return Optional.empty();
    }
    return Optional.of(ofPosition(sent.strip().split("/", 2)[0]));
  }

  /**
   * Whether an operator has closed the client's connection, so that the client need not reconnect.
   */
  boolean isClosed() {
    return text.equals(CLOSED);
  }

  private boolean isUnderstood() {
    return id != null || isClosed();
  }
}
