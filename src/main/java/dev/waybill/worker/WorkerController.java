package dev.waybill.worker;

import dev.waybill.access.Caller;
import dev.waybill.idempotency.IdempotencyKeys;
import dev.waybill.idempotency.IdempotencyKeys.Answered;
import dev.waybill.idempotency.IdempotencyKeys.Claim;
import dev.waybill.idempotency.IdempotencyKeys.Granted;
import dev.waybill.idempotency.IdempotencyKeys.InFlight;
import dev.waybill.job.AttemptToken;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The API for creating external jobs and for receiving the reports of their workers. */
@RestController
@RequiredArgsConstructor
class WorkerController {

  private static final String BEARER = "Bearer ";
  private static final int FIRST_ATTEMPT = 1;

  private final ReadNewJob readNewJob;
  private final CreateJob createJob;
  private final ClaimKey claimKey;
  private final IssueWorkerTokens tokens;
  private final CallWorkers callWorkers;
  private final Jobs jobs;
  private final ExternalStore store;
  private final OpenBodies openBodies;
  private final ReadReports readReports;
  private final ApplyReports applyReports;

  /** The answer to a worker that has sent reports. */
  record Accepted(int accepted, long lastSequence, boolean cancelRequested) {}

  @PostMapping(
      path = "/api/jobs",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> create(HttpServletRequest request) throws IOException {
    NewExternalJob wanted = readNewJob.read(ReadWholeBody.read(request, ReadNewJob.MAX_BODY_BYTES));
    Caller caller = Caller.of(request);
    try (Claim claim = claimKey.claim(request, caller)) {
      Answered answered =
          switch (claim) {
            case InFlight _ -> throw IdempotencyKeys.inFlight();
            case Answered before -> {
              CreateJob.requireSame(before, wanted);
              yield before;
            }
            case Granted granted ->
                createJob.create(jobs.newTransactionId(), wanted, caller, granted);
          };
      return ResponseEntity.accepted()
          .location(URI.create("/api/jobs/" + answered.transactionId()))
          .header(HttpHeaders.RETRY_AFTER, "1")
          .cacheControl(CacheControl.noStore())
          .contentType(MediaType.APPLICATION_JSON)
          .body(withToken(answered));
    }
  }

  /**
   * Adds the worker's token to a stored answer. The answer is stored without the token, because the
   * token can be derived again.
   */
  private String withToken(Answered answered) {
    String body = answered.body();
    if (callWorkers.calls(answered.transactionId())) {
      return body; // Waybill calls this worker, and each call contains a new token
    }
    String token = tokens.token(answered.transactionId(), FIRST_ATTEMPT);
    return body.substring(0, body.length() - 1) + ",\"workerToken\":\"" + token + "\"}";
  }

  @PostMapping(path = "/api/jobs/{id}/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  Accepted report(
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String header,
      HttpServletRequest request)
      throws IOException {
    AttemptToken token = authenticated(id, header);
    try (OpenBodies.Body open = openBodies.open(id, Caller.of(request))) {
      byte[] body = ReadWholeBody.read(request, ReadReports.MAX_REPORT_BYTES);
      Report report;
      try {
        report = readReports.read(new String(body, StandardCharsets.UTF_8), false);
      } catch (Problem problem) {
        throw explained(problem, 0, lastSequence(id));
      }
      ApplyReports.Outcome outcome = applyReports.apply(token, open.id(), false, List.of(report));
      if (outcome.refusal() != null) {
        throw explained(outcome.refusal(), outcome.accepted(), outcome.lastSequence());
      }
      return new Accepted(outcome.accepted(), outcome.lastSequence(), outcome.cancelRequested());
    }
  }

  @PostMapping(path = "/api/jobs/{id}/events", consumes = MediaType.APPLICATION_NDJSON_VALUE)
  Accepted reportMany(
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String header,
      HttpServletRequest request)
      throws IOException {
    AttemptToken token = authenticated(id, header);
    try (OpenBodies.Body open = openBodies.open(id, Caller.of(request))) {
      open.hold();
      ReceiveReports receive = new ReceiveReports(token, open, applyReports, readReports);
      receive.receive(request);
      long lastSequence = Math.max(receive.lastSequence(), lastSequence(id));
      if (receive.refusal() != null) {
        throw explained(receive.refusal(), receive.accepted(), lastSequence);
      }
      boolean cancelled = jobs.get(id).cancelRequested() || receive.cancelRequested();
      return new Accepted(receive.accepted(), lastSequence, cancelled);
    }
  }

  private long lastSequence(String id) {
    return store.find(id).map(ExternalJob::reportSequence).orElse(0L);
  }

  /**
   * Checks the worker's token. A valid token proves that the job was created. So a request for an
   * unknown job gets the same answer as a request with a wrong token.
   */
  private AttemptToken authenticated(String id, @Nullable String header) {
    if (header == null || !header.startsWith(BEARER)) {
      throw WorkerProblems.unauthenticated();
    }
    return tokens
        .read(header.substring(BEARER.length()).strip())
        .filter(token -> token.jobId().equals(id))
        .orElseThrow(WorkerProblems::unauthenticated);
  }

  private static Problem explained(Problem problem, int accepted, long lastSequence) {
    problem.getBody().setProperty("accepted", accepted);
    problem.getBody().setProperty("lastSequence", lastSequence);
    return problem;
  }
}
