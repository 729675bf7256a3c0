package dev.waybill.web;

import dev.waybill.access.Caller;
import dev.waybill.access.CallerBudget;
import dev.waybill.event.Pod;
import dev.waybill.platform.HeapBudget;
import dev.waybill.problem.Problem;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Limits the number of requests in progress, in total and for each caller. Each request occupies a
 * thread and buffers, even while its client slowly sends the body or slowly reads the response.
 *
 * <p>This valve never refuses a request for a stream, because an {@code EventSource} never
 * reconnects after a status other than 200. The connections of watching clients have another limit.
 */
class LimitRequestsValve extends ValveBase {

  private static final double REQUESTS_SHARE = 0.1;
  private static final int REQUEST_BYTES = 48 * 1024;
  private static final int MOST_REQUESTS = 5_000;

  private static final Pattern STREAM =
      Pattern.compile(
          "/api/(?:jobs|streams)/[^/]+/events|/api/events|/api/records/[^/]+/[^/]+/events"
              + "|/api/upload/sse/[^/]+|/sse/stream");

  private final CallerBudget requests;
  private final Pod pod;
  private final AnswerProblem answerProblem;
  private final SecurityHeaders headers;

  LimitRequestsValve(
      CallerBudget requests, Pod pod, AnswerProblem answerProblem, SecurityHeaders headers) {
    super(true);
    this.requests = requests;
    this.pod = pod;
    this.answerProblem = answerProblem;
    this.headers = headers;
  }

  /**
   * The number of requests in progress that fit into the heap, 1 to 5,000. One caller may have half
   * of these requests.
   */
  static int maxRequests(HeapBudget heap) {
    return heap.count(REQUESTS_SHARE, REQUEST_BYTES, MOST_REQUESTS);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (request.isAsyncDispatching()) {
      // Does not count a later pass of an asynchronous request. The request was already counted in
      // its first pass, and its response has already started.
      getNext().invoke(request, response);
      return;
    }
    Caller caller = Caller.of(request);
    boolean taken = requests.tryTake(caller);
    if (!taken && !isStream(request)) {
      refuse(response);
      return;
    }
    try {
      getNext().invoke(request, response);
    } finally {
      if (taken) {
        requests.giveBack(caller);
      }
    }
  }

  private static boolean isStream(Request request) {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    return reads && STREAM.matcher(request.getDecodedRequestURI()).matches();
  }

  private void refuse(Response response) throws IOException {
    headers.set(response);
    response.setHeader(AnswerValve.POD_HEADER, pod.id());
    response.setHeader(HttpHeaders.RETRY_AFTER, "2");
    // Makes Tomcat close the connection. On an open connection, a body that is still arriving would
    // occupy the thread.
    response.setHeader(HttpHeaders.CONNECTION, "close");
    answerProblem.write(
        response,
        Problem.body(
            HttpStatus.SERVICE_UNAVAILABLE,
            "busy",
            "Too many requests at once",
            "Too many requests are in progress, in all or from this address. Try again in a few"
                + " seconds."));
  }
}
