package dev.waybill.csvimport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes what finished jobs have replaced, once they can no longer be undone. Every pod does it;
 * two of them at once do no harm.
 */
@Component
@RequiredArgsConstructor
class ForgetChanges {

  /** A dry run has replaced nothing; its changes are kept to be read. */
  static final Duration OF_DRY_RUNS = Duration.ofHours(24);

  private static final int BATCH = 100;

  private final ProductWriters writers;
  private final ImportProperties properties;
  private final Clock clock;

  @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
  void forgetOldChanges() {
    Instant now = clock.instant();
    List<ProductWriter> old;
    do {
      old =
          writers.keptBefore(
              now.minus(properties.undoRetention()), now.minus(OF_DRY_RUNS), BATCH);
      // Marked last, so that a pod that dies in between leaves the rest to the next round.
      old.forEach(
          writer -> {
            writers.deleteChanges(writer);
            writers.markExpired(writer);
          });
    } while (old.size() == BATCH);
  }
}
