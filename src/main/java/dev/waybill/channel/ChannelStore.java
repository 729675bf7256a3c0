package dev.waybill.channel;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The tables of audience streams, the named streams to which callers publish. The SQL works on all
 * supported databases. Changes are part of the caller's transaction. A lock on the stream's row
 * determines the order of all callers that publish to the stream or close the stream.
 */
@Repository
class ChannelStore {

  private static final String EVENT_COLUMNS =
      "name, epoch, sequence, event_name, data, is_text, delivery, event_key, retry_millis,"
          + " message_id";

  private final JdbcClient writes;
  private final JdbcTemplate batches;
  private final JdbcClient reads;

  ChannelStore(JdbcClient writes, JdbcTemplate batches, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.batches = batches;
    this.reads = reads;
  }

  /** The answer that a publisher got earlier for a message ID. */
  record Answered(String fingerprint, EventId id) {}

  /** An event with its ID, ready to be stored. */
  record Numbered(StreamName name, EventId id, long position, NewEvent event, Instant expiry) {}

  /** The new end of a locked stream, ready to be stored. */
  record Advanced(StreamName name, EventId last, long position, boolean closed, Instant expiry) {}

  /** A stream, and the position up to which its events are to be deleted. */
  record Trimmed(StreamName name, long position) {}

  Optional<StoredStream> find(StreamName name) {
    return reads
        .sql("SELECT * FROM stream WHERE name = ?")
        .param(name.text())
        .query(ChannelStore::stream)
        .optional();
  }

  /**
   * The streams whose names start with a prefix, in the order of their names. Starts after the
   * given name.
   */
  List<StoredStream> page(String prefix, @Nullable String after, int limit) {
    return reads
        .sql("SELECT * FROM stream WHERE name >= ? AND name > ? AND name < ? ORDER BY name LIMIT ?")
        // The prefix plus DEL is the upper limit of the query. Names are ASCII, so the character
        // DEL is higher than all characters of a name.
        .params(prefix, after == null ? "" : after, prefix + "\u007f", limit)
        .query(ChannelStore::stream)
        .list();
  }

  int count() {
    return reads.sql("SELECT COUNT(*) FROM stream").query(Integer.class).single();
  }

  /** The given streams that have a row in the table of streams. */
  Set<StreamName> known(Collection<StreamName> names) {
    return new HashSet<>(
        reads
            .sql("SELECT name FROM stream WHERE name IN (:names)")
            .param("names", texts(names))
            .query((row, _) -> new StreamName(row.getString(1)))
            .list());
  }

  /**
   * Locks the rows of streams, one after the other. The locks last until the transaction ends.
   *
   * @param names in ascending order
   * @return the rows; streams without a row are left out
   */
  Map<StreamName, StoredStream> lock(List<StreamName> names) {
    batches.batchUpdate(
        "UPDATE stream SET epoch = epoch WHERE name = ?",
        names.stream().map(name -> new Object[] {name.text()}).toList());
    return writes
        .sql("SELECT * FROM stream WHERE name IN (:names)")
        .param("names", texts(names))
        .query(ChannelStore::stream)
        .stream()
        .collect(Collectors.toMap(StoredStream::name, Function.identity()));
  }

  private static List<String> texts(Collection<StreamName> names) {
    return names.stream().map(StreamName::text).toList();
  }

  /**
   * Adds the row of a stream without events, unless the stream already has a row.
   *
   * @return whether the row was added
   */
  boolean insert(StreamName name, int epoch, Instant now, Duration retention) {
    int added =
        writes
            .sql(
                """
                INSERT INTO stream (name, epoch, last_sequence, last_position, closed, created_at,
                  last_event_at, expires_at)
                VALUES (?, ?, 0, 0, ?, ?, ?, ?)
                ON CONFLICT (name) DO NOTHING
                """)
            .params(
                name.text(),
                epoch,
                false,
                now.toEpochMilli(),
                now.toEpochMilli(),
                now.plus(retention).toEpochMilli())
            .update();
    return added > 0;
  }

  /** A new epoch number that no stream has ever used. */
  int newEpoch(Instant now) {
    return writes
        .sql("INSERT INTO stream_epoch (taken_at) VALUES (?) RETURNING value")
        .param(now.toEpochMilli())
        .query(Integer.class)
        .single();
  }

  /** Stores the new end of each of the locked streams. */
  void advance(List<Advanced> streams, Instant now) {
    batches.batchUpdate(
        """
        UPDATE stream SET epoch = ?, last_sequence = ?, last_position = ?, closed = ?,
          last_event_at = ?, expires_at = ?
        WHERE name = ?
        """,
        streams.stream()
            .map(
                each ->
                    new Object[] {
                      each.last().epoch(),
                      each.last().sequence(),
                      each.position(),
                      each.closed(),
                      now.toEpochMilli(),
                      each.expiry().toEpochMilli(),
                      each.name().text()
                    })
            .toList());
  }

  /** Deletes the row of a new stream if nothing was published to it. */
  void deleteEmpty(StreamName name) {
    writes
        .sql("DELETE FROM stream WHERE name = ? AND last_position = 0")
        .param(name.text())
        .update();
  }

  void insertEvents(List<Numbered> events, Instant now) {
    batches.batchUpdate(
        "INSERT INTO stream_event (%s, position, published_at, expires_at)".formatted(EVENT_COLUMNS)
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        events.stream()
            .map(
                each ->
                    new @Nullable Object[] {
                      each.name().text(),
                      each.id().epoch(),
                      each.id().sequence(),
                      each.event().type().name(),
                      each.event().data(),
                      each.event().text(),
                      each.event().type().delivery().name(),
                      each.event().type().key(),
                      each.event().retryMillis(),
                      each.event().messageId(),
                      each.position(),
                      now.toEpochMilli(),
                      each.expiry().toEpochMilli()
                    })
            .toList());
  }

  /** The earlier answers for some message IDs of a stream. Leaves out answers that have expired. */
  Map<String, Answered> answered(StreamName name, Collection<String> messageIds, Instant now) {
    Map<String, Answered> answers = new HashMap<>();
    writes
        .sql(
            """
            SELECT message_id, fingerprint, epoch, sequence FROM stream_message
            WHERE name = :name AND message_id IN (:ids) AND expires_at > :now
            """)
        .param("name", name.text())
        .param("ids", messageIds)
        .param("now", now.toEpochMilli())
        .query(
            row -> {
              answers.put(
                  row.getString("message_id"),
                  new Answered(
                      row.getString("fingerprint"),
                      new EventId(row.getInt("epoch"), row.getLong("sequence"))));
            });
    return answers;
  }

  void remember(List<Numbered> events, Instant expiry) {
    batches.batchUpdate(
        """
        INSERT INTO stream_message (name, message_id, fingerprint, epoch, sequence, expires_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (name, message_id) DO UPDATE SET fingerprint = excluded.fingerprint,
          epoch = excluded.epoch, sequence = excluded.sequence, expires_at = excluded.expires_at
        """,
        events.stream()
            .filter(each -> each.event().messageId() != null)
            .map(
                each ->
                    new @Nullable Object[] {
                      each.name().text(),
                      each.event().messageId(),
                      each.event().fingerprint(),
                      each.id().epoch(),
                      each.id().sequence(),
                      expiry.toEpochMilli()
                    })
            .toList());
  }

  void trim(List<Trimmed> streams) {
    batches.batchUpdate(
        "DELETE FROM stream_event WHERE name = ? AND position <= ?",
        streams.stream().map(each -> new Object[] {each.name().text(), each.position()}).toList());
  }

  /**
   * The retained events after an ID, oldest first.
   *
   * @param above returns only events with a higher position than this position. Events at lower
   *     positions exceed the number of retained events, even if these events are not deleted yet
   */
  List<Positioned> after(StreamName name, EventId id, long above, Instant now, int limit) {
    return reads
        .sql(
            "SELECT %s, position FROM stream_event".formatted(EVENT_COLUMNS)
                + " WHERE name = ? AND (epoch > ? OR epoch = ? AND sequence > ?)"
                + " AND position > ? AND expires_at > ? ORDER BY epoch, sequence LIMIT ?")
        .params(
            name.text(), id.epoch(), id.epoch(), id.sequence(), above, now.toEpochMilli(), limit)
        .query((row, _) -> new Positioned(row.getLong("position"), event(row)))
        .list();
  }

  /** The position of a retained event; empty if no retained event has this ID. */
  Optional<Long> position(StreamName name, EventId id, Instant now) {
    return reads
        .sql(
            """
            SELECT position FROM stream_event
            WHERE name = ? AND epoch = ? AND sequence = ? AND expires_at > ?
            """)
        .params(name.text(), id.epoch(), id.sequence(), now.toEpochMilli())
        .query(Long.class)
        .optional();
  }

  /** The number of retained events, without the closing event. */
  int countEvents(StreamName name, long above, Instant now) {
    return reads
        .sql(
            """
            SELECT COUNT(*) FROM stream_event
            WHERE name = ? AND position > ? AND expires_at > ? AND delivery <> 'LAST'
            """)
        .params(name.text(), above, now.toEpochMilli())
        .query(Integer.class)
        .single();
  }

  /**
   * The event that closed the stream, for each given stream that is closed and was not opened
   * again.
   */
  List<StreamEvent> closings(Collection<String> names) {
    return reads
        .sql(
            """
            SELECT e.* FROM stream s JOIN stream_event e
              ON e.name = s.name AND e.epoch = s.epoch AND e.sequence = s.last_sequence
            WHERE s.closed = :yes AND s.name IN (:names)
            """)
        .param("yes", true)
        .param("names", names)
        .query((row, _) -> event(row))
        .list();
  }

  /** The ID of the newest event of each given stream. */
  Map<String, EventId> lastIds(Collection<String> names) {
    Map<String, EventId> ends = new HashMap<>();
    reads
        .sql("SELECT name, epoch, last_sequence FROM stream WHERE name IN (:names)")
        .param("names", names)
        .query(
            row -> {
              ends.put(
                  row.getString("name"),
                  new EventId(row.getInt("epoch"), row.getLong("last_sequence")));
            });
    return ends;
  }

  /**
   * Deletes expired rows, at most the given number.
   *
   * @return the number of rows that were deleted
   */
  int sweep(String table, String key, Instant now, int atMost) {
    return writes
        .sql(
            "DELETE FROM %1$s WHERE (%2$s) IN (SELECT %2$s FROM %1$s WHERE expires_at <= ? LIMIT ?)"
                .formatted(table, key))
        .params(now.toEpochMilli(), atMost)
        .update();
  }

  /**
   * Deletes old rows of epoch numbers. No number is ever used twice, because the row with the
   * highest number stays.
   */
  void sweepEpochs(Instant before) {
    writes
        .sql(
            """
            DELETE FROM stream_epoch
            WHERE taken_at < ? AND value < (SELECT MAX(value) FROM stream_epoch)
            """)
        .param(before.toEpochMilli())
        .update();
  }

  /** An event and its position in its stream. */
  record Positioned(long position, StreamEvent event) {}

  private static StoredStream stream(ResultSet row, int index) throws SQLException {
    return new StoredStream(
        new StreamName(row.getString("name")),
        row.getInt("epoch"),
        row.getLong("last_sequence"),
        row.getLong("last_position"),
        row.getBoolean("closed"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("last_event_at")));
  }

  private static StreamEvent event(ResultSet row) throws SQLException {
    int retry = row.getInt("retry_millis");
    boolean hasRetry = !row.wasNull();
    return new StreamEvent(
        new StreamName(row.getString("name")).streamId(),
        new EventId(row.getInt("epoch"), row.getLong("sequence")),
        new EventType(
            row.getString("event_name"),
            Delivery.valueOf(row.getString("delivery")),
            row.getString("event_key")),
        row.getString("data"),
        0,
        new StreamEvent.Extras(
            row.getBoolean("is_text"), hasRetry ? retry : null, row.getString("message_id")));
  }
}
