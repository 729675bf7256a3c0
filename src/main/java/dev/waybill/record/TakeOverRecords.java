package dev.waybill.record;

import dev.waybill.event.StreamUnreadableException;
import dev.waybill.platform.OutageLog;
import dev.waybill.stream.EmitterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Finds records that clients watch on this pod but that no pod polls, and starts to poll these
 * records. Also deletes old stored records.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class TakeOverRecords {

  /** The time for which a stored record is kept after its last read. */
  static final Duration RETENTION = Duration.ofHours(24);

  /** The approximate maximum number of stored records. */
  static final int MOST_REMEMBERED = 10_000;

  private final RecordKinds kinds;
  private final RecordStore store;
  private final EmitterRegistry registry;
  private final OpenRecord openRecord;
  private final PollRecords pollRecords;
  private final OutageLog outages;

  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void takeOver() {
    if (kinds.isEmpty()) {
      return;
    }
    List<String> watched =
        registry.watched().stream()
            .filter(id -> id.startsWith(RecordName.PREFIX) && !pollRecords.polls(id))
            .limit(RecordStreams.IDS_A_QUERY)
            .toList();
    try {
      for (StoredRecord record : store.find(watched, Duration.ZERO)) {
        if (!record.leased() && record.end() == null && underWay.add(record.streamId())) {
          pollRecords.run(() -> takeOver(record.streamId()));
        }
      }
    } catch (DataAccessException | TransactionException e) {
      outages.report("record-store", "Cannot look for records without a poller", e);
    } catch (RejectedExecutionException e) {
      log.debug("This pod stops", e);
    }
  }

  private void takeOver(String streamId) {
    try {
      RecordName.parse(streamId).ifPresent(openRecord::open);
    } catch (StreamUnreadableException e) {
      log.debug("Cannot take over a record; the next round tries again", e);
    } catch (DataAccessException | TransactionException e) {
      outages.report("record-store", "Cannot take over a record", e);
    } finally {
      underWay.remove(streamId);
    }
  }

  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
  void forget() {
    if (kinds.isEmpty()) {
      return;
    }
    try {
      store.forget(RETENTION, MOST_REMEMBERED);
    } catch (DataAccessException | TransactionException e) {
      outages.report("record-store", "Cannot forget old records", e);
    }
  }
}
