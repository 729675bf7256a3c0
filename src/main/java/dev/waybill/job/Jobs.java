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

/** Creates, reads and cancels jobs for other packages. Thread-safe. */
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
  private final ObjectProvider<JobCallbacks> callbacks; // lazy, because they may need Jobs
  private final TransactionOperations transactions;
  private final Clock clock;

  /**
   * A transaction ID: 32 hexadecimal digits, 128 random bits. A client that knows the transaction
   * ID may watch the job.
   */
  public String newTransactionId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** Stores a job and puts it into the queue, in the open transaction. */
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
   * Checks the address to which the end of a job will be posted, before the job exists.
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
   * The JSON of a job for other systems: the fields that a list shows, in at most {@code mostBytes}
   * bytes. The JSON also names the fields that were left out. Returns empty if the job was deleted.
   */
  public Optional<String> finalForm(String id, int mostBytes) {
    return find(id).map(job -> finalForm.of(kinds.view(job), mostBytes));
  }

  /** The number of jobs that no pod has picked yet. */
  public int queued() {
    return store.countQueued();
  }

  /** The number of jobs of a caller that no pod has picked yet. */
  public int queued(Caller caller) {
    return store.countQueued(caller);
  }

  /**
   * Whether a third job of these families (kinds of work) ran at the same time as the job {@code
   * finished}, or at any time after the job {@code later} started.
   */
  public boolean anyBeside(Collection<String> families, Job finished, Job later) {
    return store.anyBeside(families, finished, later);
  }

  /**
   * The callers of all unfinished jobs of a family (a kind of work). The result is a map from job
   * ID to caller ID. The caller ID is empty if an early version created the job.
   */
  public Map<String, String> callersOfUnfinished(String family) {
    return store.callersOfUnfinished(family);
  }

  /** The position of a waiting job in the queue, from 1; null after a pod has picked the job. */
  @Nullable Integer queuePosition(String id) {
    return queue.position(id);
  }

  public Optional<Job> find(String id) {
    return store.find(id);
  }

  /** The jobs with these IDs, in no particular order. Jobs that were deleted are left out. */
  public List<Job> find(Collection<String> ids) {
    return store.among(ids);
  }

  /** Whether a job exists and is not finished. */
  public boolean isUnfinished(String id) {
    return find(id).filter(job -> !job.status().isFinished()).isPresent();
  }

  /** The problem for a job that does not exist: 404 {@code job-unknown}. */
  public static Problem unknown(String id) {
    return JobProblems.unknown(id);
  }

  /**
   * Finds the job that the path of a request names.
   *
   * @throws dev.waybill.problem.Problem 404 {@code job-unknown}
   */
  public Job get(String id) {
    return find(id).orElseThrow(() -> JobProblems.unknown(id));
  }

  /** A job in the form in which clients see it. */
  JobView view(Job job) {
    return kinds.view(job);
  }

  /** A job with all fields, including fields that can be large. */
  JobView whole(String id) {
    return kinds.whole(get(id));
  }

  /** Whether {@link #whole} returns more fields than {@link #view}. */
  boolean hasLargeFields(Job job) {
    return kinds.hasLargeFields(job);
  }

  /**
   * Publishes the end of a job and releases the resources that the job held. Call this method after
   * the end is committed.
   */
  public void announceEnd(String id) {
    ends.announceEnd(get(id));
  }

  /** A job, and the same job in the form that a list shows. */
  record Listed(Job job, JobView view) {}

  @Override
  public Optional<String> ownerOf(String jobId) {
    return store.ownerOf(jobId);
  }

  /**
   * The newest jobs after a cursor, newest first.
   *
   * @param owner returns only jobs of this caller; empty returns the jobs of all callers
   */
  List<Listed> newest(Optional<Caller> owner, @Nullable JobCursor after, int limit) {
    List<Job> newest = store.newest(owner, after, limit);
    List<JobView> views = kinds.listed(newest);
    return IntStream.range(0, newest.size())
        .mapToObj(i -> new Listed(newest.get(i), views.get(i)))
        .toList();
  }

  /**
   * Asks to cancel a job. A queued job ends immediately. A running job ends after its current
   * chunk. If an external worker does the work, the job ends when the worker ends it, or after a
   * limited time.
   *
   * @return the job with the cancel request recorded; its status may not have changed yet
   * @throws dev.waybill.problem.Problem 404 if the job is unknown, 409 if it has finished
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
      // Only logs the failure, because the cancel request is already committed. The cancel request
      // takes effect when a pod picks the job.
      log.warn("Job {}: its cancel waits until the job is picked: {}", id, e.toString());
    }
  }
}
