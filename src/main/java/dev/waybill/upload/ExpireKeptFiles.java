package dev.waybill.upload;

import dev.waybill.csvimport.KeptFiles;
import dev.waybill.file.StoredFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Deletes the expired files of previews and dry runs. Every pod searches for expired files. The pod
 * that marks a file as deleted also deletes the bytes of the file.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class ExpireKeptFiles {

  /**
   * The time for which the answer to a request for an expired file has the status 410. After this
   * time, the answer has the status 404.
   */
  private static final Duration REMEMBERED = Duration.ofDays(7);

  private static final int BATCH = 100;

  private final KeptFiles keptFiles;
  private final StoredFiles files;
  private final TransactionOperations transactions;
  private final Clock clock;

  @Scheduled(initialDelay = 10, fixedDelay = 60, timeUnit = TimeUnit.SECONDS)
  void expireKeptFiles() {
    Instant now = clock.instant();
    List<String> expired;
    do {
      expired = keptFiles.expired(now, BATCH);
      expired.forEach(id -> expire(id, now));
    } while (expired.size() == BATCH);
    transactions.executeWithoutResult(_ -> keptFiles.forgetBefore(now.minus(REMEMBERED)));
  }

  private void expire(String id, Instant now) {
    boolean marked = Boolean.TRUE.equals(transactions.execute(_ -> keptFiles.markGone(id, now)));
    if (!marked) {
      return;
    }
    try {
      files.delete(id);
    } catch (IOException e) {
      log.warn("Could not delete an expired file. The sweeper deletes it later", e);
    }
  }
}
