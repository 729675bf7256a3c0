package dev.waybill.job;

import java.time.Clock;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.support.TransactionOperations;

/** The running attempt at a job. Commits chunks only while no later attempt has begun. */
@Slf4j
@RequiredArgsConstructor
final class JobAttempt implements JobRun {

  private static final int TRIES_AFTER_DEADLOCK = 5;

  private final Job begun;
  private final JobStore store;
  private final TransactionOperations transactions;
  private final AttemptSessions sessions;
  private final AttemptFeed feed;
  private final BooleanSupplier stopping;
  private final Clock clock;

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
        log.debug("Job {}: chunk rolled back by a deadlock, again", begun.id(), e);
      }
    }
  }

  private void commitOnce(ChunkWork work) {
    Committed committed =
        transactions.execute(
            _ -> {
              lock();
              ChunkWork.Written written = work.write();
              if (!written.counts().addUp()) {
                throw new IllegalStateException(
                    "chunk of job %s does not add up: %s".formatted(begun.id(), written.counts()));
              }
              Job now =
                  store.advance(begun.id(), written.counts(), written.bytesRead(), clock.instant());
              return new Committed(now, written);
            });
    feed.committed(committed.job(), committed.written());
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
   * Runs first in every chunk. Either the job's row is locked for this attempt until the commit, or
   * nothing is written.
   */
  private void lock() {
    sessions.mark(begun.id(), begun.attempt());
    if (feed.isFenced()) {
      throw new Interruption.Fenced();
    }
    Job now = store.lockAttempt(begun.id(), begun.attempt()).orElseThrow(Interruption.Fenced::new);
    if (now.cancelRequested()) {
      throw new Interruption.Cancelled();
    }
  }

  private record Committed(Job job, ChunkWork.Written written) {}
}
