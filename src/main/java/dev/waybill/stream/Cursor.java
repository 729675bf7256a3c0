package dev.waybill.stream;

import dev.waybill.event.EventId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client has seen, by the {@code Last-Event-ID} that it sent.
 *
 * @param text as it was sent, shortened, without the publisher's message ID behind a slash
 * @param id the event, or null where the text is no ID
 */
record Cursor(String text, @Nullable EventId id) {

  /** The ID that ends a connection which its operator closed: no stream goes on from it. */
  static final String CLOSED = "closed";

  private static final int LONGEST = 100;

  /**
   * Reads the header or, where there is none, the query parameter. A header that cannot be
   * understood hides no query parameter that can: some polyfills send junk.
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

  /** What a client has seen of one stream, by its position on a connection for several. */
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

  /** Whether the client was closed by an operator and need not come back. */
  boolean isClosed() {
    return text.equals(CLOSED);
  }

  private boolean isUnderstood() {
    return id != null || isClosed();
  }
}
