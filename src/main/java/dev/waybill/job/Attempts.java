package dev.waybill.job;

import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Begins, advances and ends the attempts at jobs. Either a thread of this process does the work, or
 * an external program that reports its progress by HTTP. When a later attempt begins or the job
 * ends, the earlier attempt is fenced: its token is no longer valid, and its writes are refused.
 *
 * <p>All methods except {@link #cancelRequested} join the caller's transaction. Thread-safe.
 */
@Component
@RequiredArgsConstructor
public class Attempts {

  private final JobStore store;
  private final ObjectProvider<JobStartListener> startListeners;
  private final ObjectProvider<JobEndListener> endListeners;
  private final Clock clock;

  /** Begins the first attempt at a queued job. Returns empty if the job has another status. */
  public Optional<Job> beginFirst(String jobId) {
    return begin(jobId, EnumSet.of(JobStatus.QUEUED));
  }

  /** Begins the next attempt at an unfinished job and fences all earlier attempts. */
  public Optional<Job> beginNext(String jobId) {
    return begin(jobId, EnumSet.of(JobStatus.QUEUED, JobStatus.RUNNING));
  }

  private Optional<Job> begin(String jobId, Set<JobStatus> from) {
    if (!store.beginAttempt(jobId, from, clock.instant())) {
      return Optional.empty();
    }
    Optional<Job> begun = store.findInTransaction(jobId);
    begun.ifPresent(job -> startListeners.forEach(listener -> listener.started(job)));
    return begun;
  }

  /**
   * Records that an attempt makes progress. Locks the row of the attempt's job until the
   * transaction ends.
   *
   * @return the job; empty if the token is no longer valid. If it is empty, the caller must write
   *     nothing
   */
  public Optional<Job> advance(AttemptToken token) {
    return store.advance(token.jobId(), token.attempt());
  }

  /** Whether a client has asked to cancel the job. */
  public boolean cancelRequested(AttemptToken token) {
    return store.find(token.jobId()).filter(Job::cancelRequested).isPresent();
  }

  /**
   * Ends the job together with this attempt. No other method ends jobs. This method refuses the
   * status {@code COMPLETED} if a client has asked to cancel the job.
   *
   * @param error the problem detail as JSON, for a failed job
   * @param result the result of the work, as JSON
   * @param finalSequence the number of the final event
   * @return false if this method refused the end or the token is no longer valid
   */
  public boolean end(
      AttemptToken token,
      JobStatus end,
      @Nullable String error,
      @Nullable String result,
      long finalSequence) {
    boolean ended =
        store.end(
            token.jobId(), token.attempt(), end, error, result, finalSequence, clock.instant());
    if (ended) {
      Job job = store.findInTransaction(token.jobId()).orElseThrow();
      endListeners.forEach(listener -> listener.ended(job));
    }
    return ended;
  }
}
