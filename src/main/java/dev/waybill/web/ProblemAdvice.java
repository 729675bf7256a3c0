package dev.waybill.web;

import dev.waybill.platform.OutageLog;
import dev.waybill.problem.Problem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.SocketTimeoutException;
import java.net.URI;
import lombok.RequiredArgsConstructor;
import lombok.SneakyThrows;
import lombok.extern.slf4j.Slf4j;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers every failure of a controller with a problem. If the response has already started, adds
 * nothing to the response.
 */
@RestControllerAdvice
@Slf4j
@RequiredArgsConstructor
class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final URI UNNAMED = URI.create("about:blank");

  private final OutageLog outages;

  @ExceptionHandler(Exception.class)
  @Nullable ResponseEntity<Object> handleUnexpected(Exception failure, WebRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
      log.debug("The client left", failure);
      return null;
    }
    outages.report(
        "unexpected " + failure.getClass().getSimpleName(),
        "Unexpected failure of " + route(request),
        failure);
    return handleExceptionInternal(
        failure, null, new HttpHeaders(), HttpStatus.INTERNAL_SERVER_ERROR, request);
  }

  /**
   * Handles a request whose query string cannot be decoded. Tomcat reports this failure when code
   * reads the first parameter.
   */
  @ExceptionHandler(InvalidParameterException.class)
  @Nullable ResponseEntity<Object> handleUndecodableQuery(
      InvalidParameterException failure, WebRequest request) {
    Problem problem = Problem.parameter("The query is not correctly percent-encoded UTF-8.");
    return handleExceptionInternal(
        failure, problem.getBody(), new HttpHeaders(), problem.getStatusCode(), request);
  }

  /** Handles a request whose client sends the body too slowly or not at all. */
  @ExceptionHandler(SocketTimeoutException.class)
  @Nullable ResponseEntity<Object> handleSlowBody(
      SocketTimeoutException failure, WebRequest request) {
    HttpStatus status = HttpStatus.REQUEST_TIMEOUT;
    ProblemDetail problem =
        Problem.body(
            HttpStatus.REQUEST_TIMEOUT,
            "body-timeout",
            "The body did not arrive in time",
            "Send the whole body within %d s."
                .formatted(BodyTimeoutFilter.BODY_TIMEOUT.toSeconds()));
    return handleExceptionInternal(failure, problem, new HttpHeaders(), status, request);
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  @Nullable ResponseEntity<Object> handleStorage(Exception failure, WebRequest request) {
    outages.report("storage", "The database failed during " + route(request), failure);
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, "10");
    HttpStatus status = HttpStatus.SERVICE_UNAVAILABLE;
    return handleExceptionInternal(failure, storageProblem(), headers, status, request);
  }

  /**
   * The method and the path pattern, for the log. The path itself is not logged, because it may
   * contain a transaction ID.
   */
  private static String route(WebRequest request) {
    Object pattern =
        request.getAttribute(
            HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
    return "%s %s"
        .formatted(
            ((ServletWebRequest) request).getHttpMethod(), pattern == null ? "a path" : pattern);
  }

  private static ProblemDetail storageProblem() {
    return Problem.body(
        HttpStatus.SERVICE_UNAVAILABLE,
        "storage",
        "The storage does not answer",
        "The database could not be read or written. Try again later.");
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception failure,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    ServletWebRequest servletRequest = (ServletWebRequest) request;
    HttpServletResponse response = servletRequest.getResponse();
    if (response == null || response.isCommitted()) {
      return afterTheAnswerStarted(failure, servletRequest.getRequest());
    }
    response.resetBuffer();
    return super.handleExceptionInternal(failure, body, headers, status, request);
  }

  /**
   * Handles a failure after the response has started. Writes nothing, because JSON in the middle of
   * a body would be worse than a body that ends early.
   */
  @SneakyThrows
  private static @Nullable ResponseEntity<Object> afterTheAnswerStarted(
      Exception failure, HttpServletRequest request) {
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      log.debug("Failed after the stream started", failure);
      return null;
    }
    // Throws the failure again, so that Tomcat breaks the connection. Otherwise the first half of
    // an export would look like a complete export.
    throw failure;
  }

  @Override
  protected ResponseEntity<Object> createResponseEntity(
      @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    HttpHeaders answered = new HttpHeaders(headers);
    // The media type does not depend on the header Accept. The problem is JSON even if the client
    // wants a stream or an export.
    answered.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    return new ResponseEntity<>(named(body, status), answered, status);
  }

  private static Object named(@Nullable Object body, HttpStatusCode status) {
    HttpStatus known = HttpStatus.resolve(status.value());
    HttpStatus shown = known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
    if (!(body instanceof ProblemDetail problem)) {
      return StandardProblems.of(shown, null);
    }
    return problem.getType() == null || problem.getType().equals(UNNAMED)
        ? StandardProblems.of(shown, problem.getDetail())
        : problem;
  }
}
