package dev.waybill.job;

import dev.waybill.access.Access;
import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.LongPolls;
import dev.waybill.answer.Page;
import dev.waybill.answer.PreferWait;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;
import tools.jackson.databind.json.JsonMapper;

/** Shows jobs and cancels them. */
@RestController
@RequestMapping("/api/jobs")
@RequiredArgsConstructor
class JobController {

  private static final String RETRY_AFTER_SECONDS = "1";

  private final Jobs jobs;
  private final JobWait wait;
  private final LongPolls longPolls;
  private final AnswerJson answer;
  private final JsonMapper json;

  @GetMapping
  void list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    int size = Page.limit(limit);
    JobCursor cursor = after == null ? null : JobCursor.parse(after);
    Optional<Caller> owner = Access.of(request).listsOnly();
    AnswerJson.Items<Jobs.Listed> items =
        (last, most) -> jobs.newest(owner, last == null ? cursor : JobCursor.of(last.job()), most);
    answer.page(
        request,
        response,
        size,
        items,
        last -> JobCursor.of(last.job()),
        Jobs.Listed::view,
        Map.of());
  }

  /**
   * Returns one job. With {@code Prefer: wait=N} the answer waits up to N seconds for a state that
   * the caller has not seen. The request runs on a virtual thread, so this method may block.
   */
  @GetMapping("/{id}")
  @Nullable ResponseEntity<JobView> get(
      @PathVariable String id,
      @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
      ServletWebRequest request)
      throws IOException {
    HttpServletResponse response = Objects.requireNonNull(request.getResponse());
    Job found = jobs.get(id);
    JobView job = jobs.view(found);
    Duration patience = PreferWait.parse(prefer);
    String known = knownStates(request);
    Caller caller = Caller.of(request.getRequest());
    // If the caller already has too many waiting requests, answers this request immediately. RFC
    // 7240 allows a server to ignore the header Prefer.
    if (patience != null && longPolls.tryStart(caller)) {
      try {
        job =
            known == null
                ? wait.untilChanged(job, patience, this::etag)
                : wait.untilDifferent(job, known, patience, this::etag);
      } finally {
        longPolls.end(caller);
      }
      response.setHeader("Preference-Applied", "wait=" + patience.toSeconds());
    }
    if (!job.status().isFinished()) {
      response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (known != null && known.strip().equals("*")) {
      // {@code If-None-Match: *} matches every state. Spring handles the star only for requests
      // that write, so this code handles the star for GET.
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(etag(job)).build();
    }
    if (request.checkNotModified(etag(job))) {
      return null;
    }
    if (jobs.hasLargeFields(found)) {
      answer.value(request.getRequest(), response, () -> jobs.whole(id));
      return null;
    }
    return ResponseEntity.ok(
        job.status() == JobStatus.QUEUED ? job.at(jobs.queuePosition(id)) : job);
  }

  @DeleteMapping("/{id}")
  ResponseEntity<JobView> cancel(@PathVariable String id) {
    return ResponseEntity.status(HttpStatus.ACCEPTED).body(jobs.view(jobs.cancel(id)));
  }

  /**
   * All values of {@code If-None-Match} as one comma-separated list, because a request may repeat
   * the header.
   */
  private static @Nullable String knownStates(ServletWebRequest request) {
    String[] lines = request.getHeaderValues(HttpHeaders.IF_NONE_MATCH);
    return lines == null ? null : String.join(", ", lines);
  }

  /**
   * A weak ETag of the job's state. The ETag does not depend on the rate and the remaining time. So
   * two answers with the same ETag can differ in their bytes.
   */
  private String etag(JobView job) {
    byte[] state = json.writeValueAsBytes(job.withoutPace());
    return "W/\"" + DigestUtils.md5DigestAsHex(state) + '"';
  }
}
