package dev.waybill.job;

import dev.waybill.access.Caller;
import dev.waybill.access.JobOwners;
import dev.waybill.problem.Problem;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** The jobs, for classes that create, read or cancel them. Thread-safe. */
@Slf4j
@Service
@RequiredArgsConstructor
public class Jobs implements JobOwners {

  private static final int ID_BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final JobStore store;
  private final JobQueue queue;
  private final JobKinds kinds;
  private final JobEnds ends;
  private final FinalForm finalForm;
  private final ObjectProvider<JobCallbacks> callbacks; // lazily: they may use this
  private final TransactionOperations transactions;
  private final Clock clock;

  /**
   * A transaction ID: 32 hexadecimal digits, 128 random bits. A client that knows it may watch the
   * job.
   */
  public String newTransactionId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** Stores a job and queues it for its caller, in the open transaction. */
  public Job enqueue(NewJob job, Caller caller) {
    store.insert(job, caller, true, clock.instant());
    noteCallback(job, caller);
    queue.enqueue(job.id(), Objects.requireNonNull(store.turnsInTransaction().get(job.id())));
    return store.findInTransaction(job.id()).orElseThrow();
  }

  /** Stores a job that no thread of this service runs, in the open transaction. */
  public Job create(NewJob job, Caller caller) {
    store.insert(job, caller, false, clock.instant());
    noteCallback(job, caller);
    return store.findInTransaction(job.id()).orElseThrow();
  }

  /**
   * Checks where the end of a job is to be posted, before the job exists.
   *
   * @throws Problem 422 {@code callback}
   */
  public void checkCallback(@Nullable String url, Caller caller) {
    if (url != null) {
      callbacks.getObject().check(url, caller);
    }
  }

  private void noteCallback(NewJob job, Caller caller) {
    if (job.callbackUrl() != null) {
      callbacks.getObject().note(job.id(), job.callbackUrl(), caller);
    }
  }

  /**
   * A job as it is sent to other systems, as JSON: like in a list, and at most so large. Names what
   * was left out. Empty where the job was forgotten.
   */
  public Optional<String> finalForm(String id, int mostBytes) {
    return find(id).map(job -> finalForm.of(kinds.view(job), mostBytes));
  }

  /** How many jobs wait to be picked. */
  public int queued() {
    return store.countQueued();
  }

  /** How many jobs of a caller wait to be picked up. */
  public int queued(Caller caller) {
    return store.countQueued(caller);
  }

  /**
   * Whether another job of some families ran while a finished job ran, or has run since a later job
   * began.
   */
  public boolean anyBeside(Collection<String> families, Job finished, Job later) {
    return store.anyBeside(families, finished, later);
  }

  /** The unfinished jobs of a family: for each ID the ID of the caller, or an empty text. */
  public Map<String, String> callersOfUnfinished(String family) {
    return store.callersOfUnfinished(family);
  }

  /** The place of a waiting job in the queue, from 1; null once it is picked. */
  @Nullable Integer queuePosition(String id) {
    return queue.position(id);
  }

  public Optional<Job> find(String id) {
    return store.find(id);
  }

  /** Whether a job exists and is not finished. */
  public boolean isUnfinished(String id) {
    return find(id).filter(job -> !job.status().isFinished()).isPresent();
  }

  /** The problem that a job does not exist: 404 {@code job-unknown}. */
  public static Problem unknown(String id) {
    return JobProblems.unknown(id);
  }

  /**
   * Finds a job for an endpoint below its path.
   *
   * @throws dev.waybill.problem.Problem 404 {@code job-unknown}
   */
  public Job get(String id) {
    return find(id).orElseThrow(() -> JobProblems.unknown(id));
  }

  /** A job as clients see it. */
  JobView view(Job job) {
    return kinds.view(job);
  }

  /** A job with fields that may be large. */
  JobView whole(String id) {
    return kinds.whole(get(id));
  }

  /** Whether {@link #whole} shows more than {@link #view}. */
  boolean hasLargeFields(Job job) {
    return kinds.hasLargeFields(job);
  }

  /** Publishes the end of a job that is committed, and releases what it held. */
  public void announceEnd(String id) {
    ends.announceEnd(get(id));
  }

  /** A job and how a list shows it. */
  record Listed(Job job, JobView view) {}

  @Override
  public Optional<String> ownerOf(String jobId) {
    return store.ownerOf(jobId);
  }

  /**
   * The newest jobs after a cursor, newest first.
   *
   * @param owner whose jobs; empty for those of every caller
   */
  List<Listed> newest(Optional<Caller> owner, @Nullable JobCursor after, int limit) {
    List<Job> newest = store.newest(owner, after, limit);
    List<JobView> views = kinds.listed(newest);
    return IntStream.range(0, newest.size())
        .mapToObj(i -> new Listed(newest.get(i), views.get(i)))
        .toList();
  }

  /**
   * Asks to cancel a job. A queued one ends at once, a running one after its chunk.
   *
   * @return the job with the request noted, as it was before that took effect
   * @throws dev.waybill.problem.Problem 404 where it is unknown, 409 where it has finished
   */
  public Job cancel(String id) {
    Job asked =
        transactions.execute(
            _ -> {
              store.requestCancel(id);
              Job job = store.findInTransaction(id).orElseThrow(() -> JobProblems.unknown(id));
              if (job.status().isFinished()) {
                throw JobProblems.finished(job);
              }
              kinds.find(job).ifPresent(kind -> kind.cancelRequested(job));
              return job;
            });
    if (asked.status() == JobStatus.QUEUED) {
      endQueued(id);
    }
    return asked;
  }

  private void endQueued(String id) {
    try {
      ends.cancelQueued(id);
    } catch (DataAccessException | TransactionException e) {
      // The request is committed and will take effect as soon as the job is picked.
      log.warn("Job {}: its cancel waits until the job is picked: {}", id, e.toString());
    }
  }
}
