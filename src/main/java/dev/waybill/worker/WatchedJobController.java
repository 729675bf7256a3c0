package dev.waybill.worker;

import dev.waybill.access.Caller;
import dev.waybill.idempotency.IdempotencyKeys;
import dev.waybill.idempotency.IdempotencyKeys.Answered;
import dev.waybill.idempotency.IdempotencyKeys.Claim;
import dev.waybill.idempotency.IdempotencyKeys.Granted;
import dev.waybill.idempotency.IdempotencyKeys.InFlight;
import dev.waybill.job.Jobs;
import dev.waybill.stream.WatchByPost;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Creates an external job and lets the client watch it, with a single request. Clients such as
 * {@code fetch-event-source} can send a POST request and read the answer as a stream. If the client
 * sends the same request again, Waybill creates no further job and resumes the stream.
 */
@RestController
@RequiredArgsConstructor
class WatchedJobController {

  private final ReadNewJob readNewJob;
  private final CreateJob createJob;
  private final ClaimKey claimKey;
  private final Jobs jobs;
  private final WatchByPost watchByPost;

  @PostMapping(
      path = "/api/jobs",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Nullable ResponseEntity<SseEmitter> createAndWatch(
      HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    NewExternalJob wanted = readNewJob.read(ReadWholeBody.read(request, ReadNewJob.MAX_BODY_BYTES));
    Caller caller = Caller.of(request);
    // Reserves the idempotency key only until this method returns. The stream ends much later.
    try (Claim claim = claimKey.claimRequired(request, caller)) {
      return switch (claim) {
        case InFlight _ -> throw IdempotencyKeys.inFlight();
        case Answered before -> {
          CreateJob.requireSame(before, wanted);
          String id = before.transactionId();
          try (WatchByPost.Place place = watchByPost.takePlace(id, request)) {
            yield open(place, id, request, response);
          }
        }
        case Granted granted -> {
          String id = jobs.newTransactionId();
          // Registers the watcher before it creates the job. So no job is created if there is no
          // room for the watcher.
          try (WatchByPost.Place place = watchByPost.takePlace(id, request)) {
            createJob.create(id, wanted, caller, granted);
            yield open(place, id, request, response);
          }
        }
      };
    }
  }

  private static @Nullable ResponseEntity<SseEmitter> open(
      WatchByPost.Place place, String id, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    ResponseEntity<SseEmitter> stream = place.open(request, response);
    response.setHeader(HttpHeaders.CONTENT_LOCATION, "/api/jobs/" + id + "/events");
    return stream;
  }
}
