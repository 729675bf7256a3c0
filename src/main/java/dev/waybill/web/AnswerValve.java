package dev.waybill.web;

import dev.waybill.event.Pod;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * Adds the pod's name and the security headers to every response. If Tomcat itself refuses a
 * request, or if another error has no body, writes a problem as the body. This class is a valve and
 * not a filter. Tomcat refuses some requests, for example a request line that is not HTTP, before
 * it calls any filter.
 */
class AnswerValve extends ErrorReportValve {

  static final String POD_HEADER = "X-Waybill-Pod";

  private static final Logger log = LoggerFactory.getLogger(AnswerValve.class);

  private final Pod pod;
  private final AnswerProblem answerProblem;
  private final SecurityHeaders headers;

  AnswerValve(Pod pod, AnswerProblem answerProblem, SecurityHeaders headers) {
    this.pod = pod;
    this.answerProblem = answerProblem;
    this.headers = headers;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    response.setHeader(POD_HEADER, pod.id());
    headers.set(response);
    super.invoke(request, response);
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    HttpStatus status = HttpStatus.resolve(response.getStatus());
    if (status == null
        || !status.isError()
        || response.getContentWritten() > 0
        // Does not check Tomcat's error flag. Some code only sets an error status, and then Tomcat
        // does not set its error flag.
        || (response.isError() && !response.setErrorReported())) {
      return;
    }
    try {
      answerProblem.write(response, StandardProblems.of(status, null));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      log.debug("The client left before its refusal", e);
    }
  }
}
