package dev.waybill.record;

import dev.waybill.platform.DatabaseClock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the watched records. The SQL works on all supported databases. Leases use the clock of the
 * database. Each poller (a pod that polls a record) has its own epoch number. A poller can change a
 * record only while its epoch number is stored in the record.
 */
@Repository
class RecordStore {

  /** The highest epoch number that the ID of an event can contain. */
  private static final int LAST_EPOCH = 999_999_999;

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final String now;

  RecordStore(JdbcClient writes, @Qualifier("reads") JdbcClient reads, DatabaseClock clock) {
    this.writes = writes;
    this.reads = reads;
    this.now = clock.millis();
  }

  Optional<StoredRecord> find(String streamId, Duration interval) {
    return find(List.of(streamId), interval).stream().findFirst();
  }

  List<StoredRecord> find(Collection<String> streamIds, Duration interval) {
    return streamIds.isEmpty()
        ? List.of()
        : reads
            .sql(
                """
                SELECT stream_id, epoch, sequence, body, final_event,
                  lease_until > %s AS leased, read_at + :interval > %s AS fresh
                FROM watched_record WHERE stream_id IN (:ids)
                """
                    .formatted(now, now))
            .param("ids", streamIds)
            .param("interval", interval.toMillis())
            .query(RecordStore::stored)
            .list();
  }

  private static StoredRecord stored(ResultSet row, int number) throws SQLException {
    return new StoredRecord(
        row.getString("stream_id"),
        row.getInt("epoch"),
        row.getLong("sequence"),
        row.getString("body"),
        row.getString("final_event"),
        row.getBoolean("leased"),
        row.getBoolean("fresh"));
  }

  /**
   * Returns a new epoch number that no poller has had before. If the transaction is rolled back,
   * the number was not used, and a later call can return the same number.
   */
  int nextEpoch() {
    int epoch =
        writes
            .sql("UPDATE record_epoch SET last = last + 1 RETURNING last")
            .query(Integer.class)
            .single();
    if (epoch > LAST_EPOCH) {
      throw new IllegalStateException("record_epoch is used up");
    }
    return epoch;
  }

  /**
   * Makes a pod the poller of a record that no pod polls.
   *
   * @param owner the ID of the pod
   * @return false if another pod has become the poller first
   */
  boolean claim(StoredRecord record, String owner, Duration lease) {
    return writes
            .sql(
                """
                INSERT INTO watched_record
                  (stream_id, epoch, sequence, body, final_event, owner, lease_until, read_at)
                VALUES (:id, :epoch, :sequence, :body, :end, :owner, %1$s + :lease, %1$s)
                ON CONFLICT (stream_id) DO UPDATE SET epoch = excluded.epoch,
                  sequence = excluded.sequence, body = excluded.body,
                  final_event = excluded.final_event, owner = excluded.owner,
                  lease_until = excluded.lease_until, read_at = excluded.read_at
                WHERE watched_record.lease_until <= %1$s AND watched_record.epoch < excluded.epoch
                """
                    .formatted(now))
            .param("id", record.streamId())
            .param("epoch", record.epoch())
            .param("sequence", record.sequence())
            .param("body", record.body())
            .param("end", record.end())
            .param("owner", owner)
            // A record that has ended is not polled, so its lease ends immediately.
            .param("lease", record.end() == null ? lease.toMillis() : 0)
            .update()
        == 1;
  }

  /** Stores the result of another read of a record that has ended but still exists. */
  void stillEnded(StoredRecord record, String body) {
    writes
        .sql(
            """
            UPDATE watched_record SET body = :body, read_at = %s
            WHERE stream_id = :id AND epoch = :epoch
            """
                .formatted(now))
        .param("body", body)
        .param("id", record.streamId())
        .param("epoch", record.epoch())
        .update();
  }

  /**
   * Stores the record that a poller has read, and renews the lease of the poller.
   *
   * @return false if another pod polls this record now
   */
  boolean advance(StoredRecord record, Duration lease) {
    return writes
            .sql(
                """
                UPDATE watched_record SET sequence = :sequence, body = :body, final_event = :end,
                  lease_until = %1$s + :lease, read_at = %1$s
                WHERE stream_id = :id AND epoch = :epoch
                """
                    .formatted(now))
            .param("sequence", record.sequence())
            .param("body", record.body())
            .param("end", record.end())
            .param("lease", record.end() == null ? lease.toMillis() : 0)
            .param("id", record.streamId())
            .param("epoch", record.epoch())
            .update()
        == 1;
  }

  /** Releases the lease on a record, so that another pod can poll it immediately. */
  void release(String streamId, int epoch) {
    writes
        .sql("UPDATE watched_record SET lease_until = 0 WHERE stream_id = :id AND epoch = :epoch")
        .param("id", streamId)
        .param("epoch", epoch)
        .update();
  }

  /** Releases all leases of a pod that is stopping. */
  void releaseAll(String owner) {
    writes
        .sql("UPDATE watched_record SET lease_until = 0 WHERE owner = :owner AND lease_until > 0")
        .param("owner", owner)
        .update();
  }

  /**
   * The number of records that all pods poll now, including the records that the open transaction
   * has claimed.
   */
  int polled() {
    return writes
        .sql("SELECT COUNT(*) FROM watched_record WHERE lease_until > " + now)
        .query(Integer.class)
        .single();
  }

  /**
   * Deletes some of the records that no pod polls. Deletes all of these records whose last read is
   * longer ago than {@code retention}. Also deletes up to 1,000 of these records that are not among
   * the {@code most} most recently read records.
   */
  void forget(Duration retention, int most) {
    writes
        .sql(
            """
            DELETE FROM watched_record WHERE lease_until <= %1$s AND (
              read_at < %1$s - :retention
              OR stream_id IN (SELECT stream_id FROM watched_record
                ORDER BY read_at DESC, stream_id LIMIT 1000 OFFSET :most))
            """
                .formatted(now))
        .param("retention", retention.toMillis())
        .param("most", most)
        .update();
  }
}
