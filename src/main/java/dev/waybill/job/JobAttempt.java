package dev.waybill.job;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The running attempt at a job. This attempt commits chunks only while no later attempt has begun.
 */
@Slf4j
@RequiredArgsConstructor
final class JobAttempt implements JobRun {

  private static final int TRIES_AFTER_DEADLOCK = 5;

  private final Job begun;
  private final JobStore store;
  private final Attempts attempts;
  private final TransactionOperations transactions;
  private final AttemptSessions sessions;
  private final AttemptFeed feed;
  private final BooleanSupplier stopping;

  @Override
  public Job job() {
    return begun;
  }

  @Override
  public void commit(ChunkWork work) {
    if (stopping.getAsBoolean()) {
      throw new Interruption.HandedOver();
    }
    for (int tries = 1; ; tries++) {
      try {
        commitOnce(work);
        return;
      } catch (PessimisticLockingFailureException e) {
        if (tries == TRIES_AFTER_DEADLOCK) {
          throw e;
        }
        log.debug("Job {}: a deadlock rolled back a chunk, trying again", begun.id(), e);
      }
    }
  }

  private void commitOnce(ChunkWork work) {
    feed.committed(Objects.requireNonNull(transactions.execute(_ -> work.write(lock()))));
  }

  @Override
  public void checkpoint() {
    if (stopping.getAsBoolean()) {
      throw new Interruption.HandedOver();
    }
    Job now = store.find(begun.id()).orElseThrow(Interruption.Fenced::new);
    if (now.attempt() != begun.attempt() || feed.isFenced()) {
      throw new Interruption.Fenced();
    }
    if (now.cancelRequested()) {
      throw new Interruption.Cancelled();
    }
  }

  /**
   * Locks the job's row for this attempt until the commit. This lock is the first statement of
   * every chunk. If the attempt must stop, this method throws an exception before any write.
   */
  private Job lock() {
    sessions.mark(begun.id(), begun.attempt());
    if (feed.isFenced()) {
      throw new Interruption.Fenced();
    }
    Job now = attempts.advance(AttemptToken.of(begun)).orElseThrow(Interruption.Fenced::new);
    if (now.cancelRequested()) {
      throw new Interruption.Cancelled();
    }
    return now;
  }
}
