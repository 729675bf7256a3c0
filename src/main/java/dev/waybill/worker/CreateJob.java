package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.access.Caller;
import dev.waybill.access.Quotas;
import dev.waybill.idempotency.IdempotencyKeys;
import dev.waybill.idempotency.IdempotencyKeys.Answered;
import dev.waybill.idempotency.IdempotencyKeys.Granted;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import dev.waybill.job.NewJob;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates an external job, whose work is done by a program outside of Waybill. The same transaction
 * stores the job and the idempotency key of the request.
 */
@Component
@RequiredArgsConstructor
class CreateJob {

  private static final int RETRY_SECONDS = 30;

  private final Jobs jobs;
  private final ExternalStore store;
  private final CallWorkers callWorkers;
  private final WorkerProperties properties;
  private final Quotas quotas;
  private final TransactionOperations transactions;
  private final JsonMapper json;

  /**
   * @param id the new job's transaction ID
   * @throws dev.waybill.problem.Problem 503 or 429 if too many jobs are unfinished, 422 if the
   *     callback URL cannot be used
   */
  Answered create(String id, NewExternalJob wanted, Caller caller, Granted claim) {
    jobs.checkCallback(wanted.callbackUrl(), caller);
    return Objects.requireNonNull(
        transactions.execute(
            _ -> {
              refuseWithoutRoom(caller);
              Job job =
                  jobs.create(
                      new NewJob(
                          id,
                          wanted.kind(),
                          ExternalKind.NAME,
                          wanted.title(),
                          wanted.callbackUrl()),
                      caller);
              store.insert(job.id(), wanted, caller);
              callWorkers.enqueue(job);
              ExternalJob external = store.findInTransaction(job.id()).orElseThrow();
              String body =
                  json.writeValueAsString(ExternalView.of(job, external, "", wanted.payload()));
              Answered answer = new Answered(fingerprint(wanted), job.id(), body);
              claim.answer(answer);
              return answer;
            }));
  }

  /**
   * Refuses a new job if there are too many unfinished jobs. If requests arrive at the same moment
   * on several pods, the number of jobs may exceed the limits by a few.
   */
  private void refuseWithoutRoom(Caller caller) {
    int most = quotas.externalJobs(caller, properties.maxOpenPerCaller());
    if (store.open(caller) >= most) {
      throw quotas.refuse(
          "external-jobs",
          most,
          RETRY_SECONDS,
          "%,d of your jobs are unfinished. Wait until one of them has ended.".formatted(most));
    }
    if (store.open() >= properties.maxOpen()) {
      throw WorkerProblems.busy(
          "%,d jobs are unfinished. Try again later.".formatted(properties.maxOpen()));
    }
  }

  /**
   * The fingerprint of a request. Two requests that describe the same job have the same
   * fingerprint.
   */
  static String fingerprint(NewExternalJob wanted) {
    try {
      // The fingerprints that the previous version has stored must stay valid. The previous version
      // had no callbacks. So if a job has no callback, the text must not contain the field for the
      // callback.
      String text = wanted.toString();
      String known =
          wanted.callbackUrl() == null
              ? text.substring(0, text.length() - ", callbackUrl=null]".length()) + "]"
              : text;
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(known.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Throws a problem if the idempotency key was used for a different job. */
  static void requireSame(Answered answered, NewExternalJob wanted) {
    if (!answered.fingerprint().equals(fingerprint(wanted))) {
      throw IdempotencyKeys.mismatch(
          "A job with this key was created before, with other fields. Use a new key for a new"
              + " job.");
    }
  }
}
