package dev.waybill.webhook;

import dev.waybill.access.Caller;
import dev.waybill.access.CallerBudget;
import dev.waybill.job.Job;
import dev.waybill.job.JobEndListener;
import dev.waybill.job.JobRecords;
import dev.waybill.job.Jobs;
import dev.waybill.outgoing.CallQueue;
import dev.waybill.outgoing.CallQueues;
import dev.waybill.webhook.Delivery.Attempt;
import dev.waybill.webhook.Delivery.State;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Delivers the ends of jobs to the callback URLs of the jobs. The transaction that ends a job also
 * queues the delivery. So every end is queued exactly one time. After a crash, a delivery can be
 * sent again with the same {@code webhook-id}.
 */
@Component
class DeliverEnds implements JobEndListener, JobRecords {

  static final int MOST_BODY_BYTES = 20 * 1024;

  /** The minimum time, in seconds, between two requests to send the end of the same job again. */
  static final int PAUSE_SECONDS = 10;

  private static final int AT_ONCE = 16;
  private static final int GONE = 410;
  private static final Duration BUSY = Duration.ofSeconds(1);

  private final CallerBudget budget = new CallerBudget(AT_ONCE, AT_ONCE / 2);
  private final RetryTimes retries = new RetryTimes(() -> ThreadLocalRandom.current().nextDouble());
  private final CallQueue queue;
  private final DeliveryStore store;
  private final WebhookSecrets secrets;
  private final PostDelivery post;
  private final WebhookMetrics metrics;
  private final Jobs jobs;
  private final TransactionOperations transactions;
  private final Clock clock;

  DeliverEnds(
      CallQueues queues,
      DeliveryStore store,
      WebhookSecrets secrets,
      PostDelivery post,
      WebhookMetrics metrics,
      Jobs jobs,
      TransactionOperations transactions,
      Clock clock) {
    this.queue = queues.open("webhook_task", AT_ONCE, new Delivering());
    this.store = store;
    this.secrets = secrets;
    this.post = post;
    this.metrics = metrics;
    this.jobs = jobs;
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public void ended(Job ended) {
    if (store.begin(ended.id(), clock.instant())) {
      queue.enqueue(ended.id());
    }
  }

  /**
   * Sends the end of a job again.
   *
   * @throws dev.waybill.problem.Problem 429 if a caller has made the same request less than {@link
   *     #PAUSE_SECONDS} seconds ago
   */
  void again(String jobId) {
    transactions.executeWithoutResult(
        _ -> {
          Instant now = clock.instant();
          if (!store.beginAgain(jobId, now, now.minusSeconds(PAUSE_SECONDS))) {
            throw WebhookProblems.tooOften(PAUSE_SECONDS);
          }
          // If an attempt is in progress, the queue checks for this request before it ends the
          // attempt. See the method hurry.
          queue.hurry(jobId);
        });
  }

  /** Makes a delivery when the queue of calls requests it. */
  private final class Delivering implements CallQueue.Handler {

    @Override
    public @Nullable Duration call(String jobId) {
      return deliver(jobId);
    }

    /** Whether a caller has requested another delivery while an attempt was in progress. */
    @Override
    public boolean isDueAtOnce(String jobId, Duration pause) {
      // A request to send the delivery again stores the time of the request in the field nextAt. An
      // attempt stores a time that is one pause away. The limit between the two cases is half a
      // pause, because another pod may have stored the time, and the clock of that pod can differ.
      Instant soon = clock.instant().plus(pause.dividedBy(2));
      return pause.compareTo(BUSY) > 0
          && pending(jobId).map(Delivery::nextAt).filter(next -> next.isBefore(soon)).isPresent();
    }

    @Override
    public boolean isQueuedAgain(String jobId) {
      return pending(jobId).isPresent();
    }

    private Optional<Delivery> pending(String jobId) {
      return store.find(jobId).filter(delivery -> delivery.state() == State.PENDING);
    }
  }

  /**
   * Makes one attempt. Returns the pause before the next attempt, or null if no further attempt is
   * needed.
   */
  @Nullable Duration deliver(String jobId) {
    Optional<Delivery> found = store.find(jobId);
    if (found.isEmpty() || found.get().state() != State.PENDING) {
      return null;
    }
    Delivery delivery = found.get();
    Caller payer = payer(delivery);
    if (!budget.tryTake(payer)) {
      return BUSY;
    }
    try {
      return deliver(delivery);
    } finally {
      budget.giveBack(payer);
    }
  }

  /**
   * The caller whose limit of simultaneous deliveries applies to a delivery. If no caller is known,
   * the receiver's host is used in place of the caller. Because of this limit, one slow receiver
   * cannot delay all other deliveries.
   */
  private static Caller payer(Delivery delivery) {
    String caller = delivery.caller();
    return new Caller(
        caller == null ? String.valueOf(URI.create(delivery.url()).getHost()) : caller);
  }

  private @Nullable Duration deliver(Delivery delivery) {
    String body = body(delivery);
    if (body == null) {
      // Deletes the delivery, because its job was deleted. Otherwise the delivery would stay
      // PENDING and be queued again.
      store.delete(delivery.jobId());
      return null;
    }
    Instant start = clock.instant();
    long startNanos = System.nanoTime();
    List<String> signing = secrets.of(delivery.caller());
    PostDelivery.Outcome outcome =
        signing.isEmpty()
            ? new PostDelivery.Outcome(null, "no-secret")
            : post.post(delivery, body, signing, start);
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    Attempt attempt =
        new Attempt(
            delivery.attempts() + 1, start, took.toMillis(), outcome.status(), outcome.error());
    return record(delivery, attempt, outcome);
  }

  private @Nullable String body(Delivery delivery) {
    if (delivery.body() != null) {
      return delivery.body();
    }
    String body = jobs.finalForm(delivery.jobId(), MOST_BODY_BYTES).orElse(null);
    if (body != null) {
      store.keepBody(delivery.jobId(), body);
    }
    return body;
  }

  private @Nullable Duration record(
      Delivery delivery, Attempt attempt, PostDelivery.Outcome outcome) {
    int tries = delivery.tries() + 1;
    Integer status = outcome.status();
    boolean gone = status != null && status == GONE;
    Duration pause = outcome.isAccepted() || gone ? null : retries.after(tries).orElse(null);
    State state =
        outcome.isAccepted()
            ? State.DELIVERED
            : gone ? State.GONE : pause == null ? State.GIVEN_UP : State.PENDING;
    Instant next = pause == null ? null : clock.instant().plus(pause);
    boolean recorded =
        Boolean.TRUE.equals(
            transactions.execute(_ -> store.record(delivery, attempt, state, tries, next)));
    metrics.attempted(recorded || state != State.GIVEN_UP ? state : State.PENDING);
    return recorded ? pause : Duration.ZERO;
  }

  @Override
  public void forget(String jobId) {
    store.delete(jobId);
  }

  @Override
  public List<String> jobsWithRecords(String after, int limit) {
    return store.idsAfter(after, limit);
  }
}
