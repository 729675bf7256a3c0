package dev.waybill.record;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.Pod;
import dev.waybill.event.StreamUnreadableException;
import dev.waybill.platform.ScopedLock;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;

/**
 * Finds a record for its watchers. If a pod already polls the record, returns the stored record.
 * Otherwise reads the record at its source and starts to poll it. If several pods try to start
 * polling at the same time, the database decides which pod polls the record.
 */
@Component
class OpenRecord {

  /** The maximum number of records that all pods together poll at the same time. */
  static final int MOST_POLLED = 1_000;

  /** The maximum number of simultaneous reads that one pod makes for connecting clients. */
  static final int MOST_READS = 32;

  private static final int LOCKS = 256;

  private final KnownKinds kinds;
  private final RecordStore store;
  private final PollRecords pollRecords;
  private final ReadRecord readRecord;
  private final EventBroadcast broadcast;
  private final TransactionOperations transactions;
  private final Pod self;
  private final MissingRecords unknown = new MissingRecords(System::nanoTime);
  private final Semaphore reads = new Semaphore(MOST_READS);
  private final ScopedLock claims = new ScopedLock();
  private final List<ScopedLock> locks = Stream.generate(ScopedLock::new).limit(LOCKS).toList();

  OpenRecord(
      KnownKinds kinds,
      RecordStore store,
      PollRecords pollRecords,
      ReadRecord readRecord,
      EventBroadcast broadcast,
      TransactionOperations transactions,
      Pod self) {
    this.kinds = kinds;
    this.store = store;
    this.pollRecords = pollRecords;
    this.readRecord = readRecord;
    this.broadcast = broadcast;
    this.transactions = transactions;
    this.self = self;
  }

  /**
   * Returns the current record; empty if the record does not exist. Blocks on the database, and
   * also on the record's source if no pod polls the record.
   *
   * @throws StreamUnreadableException if the source does not answer, or too many records are polled
   */
  Optional<StoredRecord> open(RecordName name) {
    Optional<RecordKind> kind = kinds.find(name.kind());
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    String streamId = name.streamId();
    Optional<StoredRecord> stored = store.find(streamId, kind.get().interval());
    if (isCurrent(stored)) {
      return known(stored);
    }
    if (unknown.contains(streamId)) {
      return Optional.empty();
    }
    // If many clients open the same record at the same time, only one request reads the record. The
    // other requests wait for the result.
    try (var _ = locks.get(Math.floorMod(streamId.hashCode(), LOCKS)).hold()) {
      stored = store.find(streamId, kind.get().interval());
      return isCurrent(stored) ? known(stored) : read(name, kind.get(), stored);
    }
  }

  private static boolean isCurrent(Optional<StoredRecord> stored) {
    return stored.filter(it -> it.leased() || it.end() != null && it.fresh()).isPresent();
  }

  private static Optional<StoredRecord> known(Optional<StoredRecord> stored) {
    return stored.filter(it -> !it.isVanished());
  }

  private Optional<StoredRecord> read(
      RecordName name, RecordKind kind, Optional<StoredRecord> stored) {
    Optional<JsonNode> found = readInTurn(name, kind);
    if (found.isEmpty()) {
      unknown.add(name.streamId());
      // The record does not exist any more. If the record is stored without an end, it had
      // watchers, but no pod polled it any more. So this code stores the end of the record and
      // publishes the end to these watchers.
      stored
          .filter(it -> it.end() == null)
          .ifPresent(it -> claim(name, kind, it.body(), StoredRecord.ERROR));
      return Optional.empty();
    }
    String body = found.get().toString();
    boolean done = kind.isDone(found.get());
    if (done && stored.filter(it -> StoredRecord.COMPLETE.equals(it.end())).isPresent()) {
      store.stillEnded(stored.get(), body);
      return stored.map(it -> it.with(it.sequence(), body, it.end()));
    }
    Optional<StoredRecord> claimed = claim(name, kind, body, done ? StoredRecord.COMPLETE : null);
    claimed.filter(it -> it.end() == null).ifPresent(it -> pollRecords.start(it, name, kind));
    return claimed.isPresent() ? claimed : store.find(name.streamId(), kind.interval());
  }

  private Optional<StoredRecord> claim(
      RecordName name, RecordKind kind, String body, @Nullable String end) {
    Optional<StoredRecord> claimed = claimInTurn(name.streamId(), kind, body, end);
    // Publishes a snapshot of the record, because some watchers may have connected while another
    // pod polled the record.
    claimed.ifPresent(
        record ->
            broadcast.broadcast(
                end == null
                    ? List.of(record.snapshot())
                    : List.of(record.snapshot(), record.finalEvent())));
    return claimed;
  }

  /**
   * Claims a record, so that this pod polls it. Only one thread of this pod claims at a time,
   * because each claim waits in the database for the claims of other pods. Otherwise many claims at
   * the same time could occupy all connections to the database.
   */
  private Optional<StoredRecord> claimInTurn(
      String streamId, RecordKind kind, String body, @Nullable String end) {
    boolean taken = false;
    try {
      taken = claims.tryLock(RecordSource.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (!taken) {
        throw new StreamUnreadableException("too many records are claimed at once");
      }
      return Objects.requireNonNull(
          transactions.execute(_ -> claimInTransaction(streamId, kind, body, end)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamUnreadableException("interrupted");
    } finally {
      if (taken) {
        claims.unlock();
      }
    }
  }

  /**
   * Claims a record; empty if another pod has claimed the record first. The new epoch number locks
   * the counter of epochs until the commit. So all claims of all pods run one after the other, and
   * each claim counts the earlier claims. Without this lock, claims at the same moment could
   * together exceed the limit of polled records.
   */
  private Optional<StoredRecord> claimInTransaction(
      String streamId, RecordKind kind, String body, @Nullable String end) {
    StoredRecord record =
        new StoredRecord(
            streamId, store.nextEpoch(), end == null ? 1 : 2, body, end, end == null, true);
    if (!store.claim(record, self.id(), kind.lease())) {
      return Optional.empty();
    }
    if (end == null && store.polled() > MOST_POLLED) {
      throw new StreamUnreadableException("too many records are watched");
    }
    return Optional.of(record);
  }

  private Optional<JsonNode> readInTurn(RecordName name, RecordKind kind) {
    boolean taken = false;
    try {
      taken = reads.tryAcquire(RecordSource.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (!taken) {
        throw new StreamUnreadableException("too many records are read at once");
      }
      return readRecord.read(name, kind);
    } catch (IOException | SQLException e) {
      throw new StreamUnreadableException("the record cannot be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamUnreadableException("interrupted");
    } finally {
      if (taken) {
        reads.release();
      }
    }
  }
}
