package dev.waybill.stream;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of a client that watches several streams on one connection.
 *
 * @param isClosed whether an operator has closed the client's connection, so that the client need
 *     not reconnect
 * @param seen one cursor for each stream, in the order in which the client named the streams. If
 *     the client sent no cursor, each element is empty. If {@code isClosed} is true, the list is
 *     empty
 * @param isUnderstood whether the text contains a position for each stream
 */
record JoinedCursor(boolean isClosed, List<Optional<Cursor>> seen, boolean isUnderstood) {

  /**
   * Reads the cursors from the header. If the header is missing or cannot be understood, reads the
   * query parameter.
   *
   * @param streams the number of streams that the client names
   */
  static JoinedCursor of(@Nullable String header, @Nullable String query, int streams) {
    List<JoinedCursor> sent =
        Stream.of(Optional.ofNullable(header), Optional.ofNullable(query))
            .flatMap(Optional::stream)
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(text -> parse(text, streams))
            .toList();
    return sent.stream()
        .filter(JoinedCursor::isUnderstood)
        .findFirst()
        .or(() -> sent.stream().findFirst())
        .orElseGet(() -> same(Optional.empty(), streams));
  }

  private static JoinedCursor parse(String text, int streams) {
    String joined = text.split("/", 2)[0];
    if (joined.equals(Cursor.CLOSED)) {
      return new JoinedCursor(true, List.of(), true);
    }
    String[] positions = joined.split(JoinedRules.SEPARATOR, -1);
    // Does not accept the ID of a closed connection as one of several positions. As the position of
    // one stream, this ID would mean that the stream has ended. But it does not contain the ID of
    // the last event of the stream.
    if (positions.length != streams || List.of(positions).contains(Cursor.CLOSED)) {
      return same(Optional.of(new Cursor(Cursor.ofPosition(joined).text(), null)), streams);
    }
    List<Cursor> seen = Arrays.stream(positions).map(Cursor::ofPosition).toList();
    boolean understood =
        seen.stream()
            .allMatch(each -> each.id() != null || each.text().equals(JoinedRules.NO_POSITION));
    return new JoinedCursor(false, seen.stream().map(Optional::of).toList(), understood);
  }

  private static JoinedCursor same(Optional<Cursor> cursor, int streams) {
    return new JoinedCursor(false, Stream.generate(() -> cursor).limit(streams).toList(), false);
  }
}
