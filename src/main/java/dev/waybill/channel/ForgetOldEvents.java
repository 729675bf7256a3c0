package dev.waybill.channel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Deletes expired events, message IDs and streams. Uses small transactions, so that publishers wait
 * only a very short time. Several pods may delete at the same time: each row is deleted by one of
 * these pods.
 */
@Component
@RequiredArgsConstructor
class ForgetOldEvents {

  private static final int ROWS_AT_ONCE = 2_000;

  /**
   * The maximum number of transactions for one table in one run. The next run continues the
   * deletion.
   */
  private static final int MOST_STEPS = 500;

  /**
   * The time for which a row with an epoch number is kept. The row with the highest number is never
   * deleted. Older rows are not needed.
   */
  private static final Duration EPOCH_RETENTION = Duration.ofHours(1);

  private final ChannelStore store;
  private final TransactionOperations transactions;
  private final Clock clock;

  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  void forget() {
    Instant now = clock.instant();
    sweep("stream_event", "name, epoch, sequence", now);
    sweep("stream_message", "name, message_id", now);
    sweep("stream", "name", now);
    transactions.executeWithoutResult(_ -> store.sweepEpochs(now.minus(EPOCH_RETENTION)));
  }

  private void sweep(String table, String key, Instant now) {
    for (int step = 0; step < MOST_STEPS; step++) {
      Integer deleted = transactions.execute(_ -> store.sweep(table, key, now, ROWS_AT_ONCE));
      if (deleted == null || deleted < ROWS_AT_ONCE) {
        return;
      }
    }
  }
}
