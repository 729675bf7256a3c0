package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.job.AttemptToken;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import dev.waybill.job.Jobs;
import dev.waybill.outgoing.CallFailedException;
import dev.waybill.outgoing.CallQueue;
import dev.waybill.outgoing.CallQueues;
import dev.waybill.outgoing.OpenCall;
import dev.waybill.outgoing.OutgoingHttp;
import dev.waybill.platform.HeapBudget;
import dev.waybill.problem.Problem;
import dev.waybill.worker.CallStore.Calls;
import dev.waybill.worker.CallStore.State;
import dev.waybill.worker.CalledWorkers.CalledWorker;
import dev.waybill.worker.CalledWorkers.Mode;
import dev.waybill.worker.CalledWorkers.OnLoss;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Calls the worker of a job, if the operator has configured a worker for the job's kind. Each call
 * is an attempt at the job. A worker either accepts the call and reports later by its own requests,
 * or sends its output in the response to the call.
 */
@Slf4j
@Component
class CallWorkers {

  private static final double HEAP_SHARE = 0.05;
  private static final int BYTES_EACH = 1 << 20;
  private static final int MOST = 200;

  /**
   * The request ID that is used for reports that Waybill reads from the response to a call. These
   * reports do not arrive in a request of the worker.
   */
  private static final String BODY = "call";

  private final CalledWorkers workers;
  private final CallQueue queue;
  private final CallStore calls;
  private final ExternalStore store;
  private final BeginCall beginCall;
  private final ReadStream readStream;
  private final OpenCalls openCalls;
  private final ApplyReports applyReports;
  private final IssueWorkerTokens tokens;
  private final Jobs jobs;
  private final TransactionOperations transactions;
  private final OutgoingHttp http = new OutgoingHttp(true);

  CallWorkers(
      CalledWorkers workers,
      CallQueues queues,
      CallStore calls,
      ExternalStore store,
      BeginCall beginCall,
      ReadStream readStream,
      OpenCalls openCalls,
      ApplyReports applyReports,
      IssueWorkerTokens tokens,
      Jobs jobs,
      TransactionOperations transactions) {
    this.workers = workers;
    this.queue =
        queues.open(
            "worker_task",
            HeapBudget.ofThisProcess().count(HEAP_SHARE, BYTES_EACH, MOST),
            new Calling());
    this.calls = calls;
    this.store = store;
    this.beginCall = beginCall;
    this.readStream = readStream;
    this.openCalls = openCalls;
    this.applyReports = applyReports;
    this.tokens = tokens;
    this.jobs = jobs;
    this.transactions = transactions;
  }

  /**
   * Queues the first call if a worker is configured for the kind of a new job. Joins the open
   * transaction.
   */
  void enqueue(Job job) {
    if (workers.of(job.kind()).isPresent()) {
      calls.insert(job.id());
      store.callWorker(job.id());
      queue.enqueue(job.id());
    }
  }

  /** Whether Waybill calls the worker of a job. */
  boolean calls(String jobId) {
    return !workers.workers().isEmpty() && calls.find(jobId).isPresent();
  }

  /**
   * Called in the open transaction when a client asks to cancel a job. If the next call is waiting,
   * it becomes due now, so that the job ends without a delay. If a call is in progress, a failure
   * of this call is not recorded before the transaction has ended. After an accepted call, the
   * queue has nothing to do for the job.
   */
  void cancelRequested(String jobId) {
    Optional<Calls> found = workers.workers().isEmpty() ? Optional.empty() : calls.find(jobId);
    if (found.isPresent() && found.get().state() != State.ACCEPTED) {
      queue.hurry(jobId);
    }
  }

  /** Makes a call to a worker when the queue of calls requests it. */
  private final class Calling implements CallQueue.Handler {

    @Override
    public @Nullable Duration call(String jobId) {
      return CallWorkers.this.call(jobId);
    }

    /** Whether a client has asked to cancel the job while the call failed. */
    @Override
    public boolean isDueAtOnce(String jobId, Duration pause) {
      return jobs.find(jobId).filter(Job::cancelRequested).isPresent();
    }

    /**
     * Whether this pod makes calls. While an operator configures the workers pod by pod, a pod
     * without a configured worker leaves the calls to the other pods.
     */
    @Override
    public boolean makesCallsOfOthers() {
      return !workers.workers().isEmpty();
    }

    /**
     * Closes the responses that this pod is reading, because another pod cannot continue a
     * response. The job of a closed response then ends or restarts immediately, instead of after a
     * timeout.
     */
    @Override
    public void stopping() {
      openCalls.closeAll();
    }
  }

  /**
   * Makes one call. Returns the pause before the next call, or null if no further call is needed.
   */
  @Nullable Duration call(String jobId) {
    Optional<Job> found = jobs.find(jobId);
    Optional<Calls> soFar = calls.find(jobId);
    if (found.isEmpty()
        || found.get().status().isFinished()
        || soFar.isEmpty()
        || soFar.get().state() == State.ACCEPTED) {
      return null;
    }
    try {
      return call(found.get(), soFar.get());
    } catch (Problem e) {
      // This problem occurs if a later attempt has taken over the job, or the job has ended.
      log.debug("Job {}: the call is over", jobId, e);
      return null;
    }
  }

  private @Nullable Duration call(Job job, Calls soFar) {
    CalledWorker worker = workers.of(job.kind()).orElse(null);
    if (job.cancelRequested() && job.status() == JobStatus.RUNNING) {
      return end(job, new Report.Cancelled(null));
    }
    // If the state is STREAMING or CALLING, the process that made the previous call has died.
    if (soFar.state() == State.STREAMING) {
      return worker == null ? lost(job) : afterLoss(job, worker, soFar.calls());
    }
    if (soFar.state() == State.CALLING && worker != null) {
      if (hasReported(job)) {
        // The worker has reported, so it has received the previous call and must not get the work a
        // second time. In callback mode, the worker can continue to report with the token of the
        // previous call. If the worker stops reporting, the job ends because the worker is silent.
        return worker.mode() == Mode.CALLBACK
            ? accepted(job)
            : afterLoss(job, worker, soFar.calls());
      }
      if (soFar.calls() >= worker.maxCalls()) {
        return failed(job, soFar.calls());
      }
    }
    Optional<Job> begun = beginCall.begin(job.id(), soFar.state() == State.RESTART);
    if (begun.isEmpty()) {
      return null;
    }
    return worker == null
        ? end(
            begun.get(),
            new Report.Failed(
                null, "worker-failed", "No worker is configured for this kind of job any more."))
        : send(begun.get(), worker, soFar.calls() + 1);
  }

  private @Nullable Duration send(Job job, CalledWorker worker, int made) {
    Duration silence = Duration.ofMillis(store.find(job.id()).orElseThrow().silence());
    OutgoingHttp.Call request =
        new OutgoingHttp.Call(
            worker.url(), headers(job, worker), body(job), worker.timeout(), silence);
    Duration most =
        worker.mode() == Mode.STREAM ? worker.maxTime().plus(worker.timeout()) : worker.timeout();
    try (OpenCall open = http.prepare(request)) {
      openCalls.add(job.id(), open, most.plusSeconds(1));
      int status = open.send();
      if (status / 100 != 2) {
        log.debug("Job {}: its worker answered {}", job.id(), status);
        return afterFailure(job, worker, made);
      }
      return worker.mode() == Mode.CALLBACK ? accepted(job) : stream(job, worker, made, open);
    } catch (CallFailedException e) {
      log.debug("Job {}: its worker could not be called", job.id(), e);
      return afterFailure(job, worker, made);
    } finally {
      openCalls.remove(job.id());
    }
  }

  private Map<String, String> headers(Job job, CalledWorker worker) {
    Map<String, String> headers = new LinkedHashMap<>(worker.headers());
    headers.put("Content-Type", "application/json");
    headers.put("X-Waybill-Job", job.id());
    headers.put("X-Waybill-Attempt", Integer.toString(job.attempt()));
    headers.put("X-Waybill-Worker-Token", tokens.token(job.id(), job.attempt()));
    return headers;
  }

  private OutgoingHttp.Body body(Job job) {
    String payload = store.payload(job.id());
    return new OutgoingHttp.Body((payload == null ? "{}" : payload).getBytes(UTF_8));
  }

  /**
   * Records that the worker has accepted the call. From then on, the job ends if the worker is
   * silent for too long.
   */
  private @Nullable Duration accepted(Job job) {
    transactions.executeWithoutResult(
        _ -> {
          calls.set(job.id(), State.ACCEPTED);
          store.startSilence(job.id());
        });
    return null;
  }

  private @Nullable Duration stream(Job job, CalledWorker worker, int made, OpenCall open) {
    calls.set(job.id(), State.STREAMING);
    try {
      return readStream.read(open, worker, pieces -> apply(job, pieces))
          ? end(job, new Report.Complete(null, null))
          : null;
    } catch (IOException e) {
      log.debug("Job {}: the answer of its worker broke off", job.id(), e);
      return afterLoss(job, worker, made);
    }
  }

  /** Applies reports. Returns whether the job is still running. */
  private boolean apply(Job job, List<Report> reports) {
    ApplyReports.Outcome outcome = applyReports.apply(AttemptToken.of(job), BODY, false, reports);
    return !outcome.ended() && outcome.refusal() == null;
  }

  /** Determines the next step after a call that the worker has not accepted. */
  private @Nullable Duration afterFailure(Job job, CalledWorker worker, int made) {
    if (isCancelled(job)) {
      return end(job, new Report.Cancelled(null));
    }
    if (hasReported(job)) {
      // The call failed, but the worker has already sent a report, so it may have done some work.
      // The setting for a lost worker decides whether this work may be repeated.
      return afterLoss(job, worker, made);
    }
    if (made >= worker.maxCalls()) {
      return failed(job, made);
    }
    calls.set(job.id(), State.WAITING);
    return worker.pauseAfter(made);
  }

  /** Whether the worker has reported in the job's current attempt. */
  private boolean hasReported(Job job) {
    ExternalJob now = store.find(job.id()).orElseThrow();
    return now.attempt() == job.attempt() && now.eventSequence() > 1;
  }

  /** Determines the next step after the loss of a worker that had started to work. */
  private @Nullable Duration afterLoss(Job job, CalledWorker worker, int made) {
    if (isCancelled(job)) {
      return end(job, new Report.Cancelled(null));
    }
    if (worker.onLoss() == OnLoss.ERROR || made >= worker.maxCalls()) {
      return lost(job);
    }
    calls.set(job.id(), State.RESTART);
    return worker.pauseAfter(made);
  }

  private boolean isCancelled(Job job) {
    return jobs.find(job.id()).filter(Job::cancelRequested).isPresent();
  }

  private @Nullable Duration failed(Job job, int made) {
    return end(
        job,
        new Report.Failed(
            null,
            "worker-failed",
            "The worker was called %d times and has not accepted the work.".formatted(made)));
  }

  private @Nullable Duration lost(Job job) {
    return end(
        job,
        new Report.Failed(
            null,
            "worker-lost",
            "The response of the worker ended early. What it sent before is kept."));
  }

  private @Nullable Duration end(Job job, Report report) {
    apply(job, List.of(report));
    return null;
  }
}
