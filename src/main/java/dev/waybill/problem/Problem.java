package dev.waybill.problem;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A refusal that says what the caller can do. The refusal is sent as an RFC 9457 problem detail
 * with the type {@code urn:waybill:problem:<name>}. The detail text is sent to the caller
 * unchanged. So this text must say what was found and what the caller can do, and must contain no
 * internal information.
 */
public final class Problem extends ErrorResponseException {

  private static final String TYPE = "urn:waybill:problem:";

  private final HttpHeaders headers = new HttpHeaders();

  private Problem(HttpStatus status, ProblemDetail body, @Nullable Throwable cause) {
    super(status, body, cause);
  }

  /**
   * Creates a problem.
   *
   * @param name the problem's stable name, such as {@code file-empty}
   * @param title the title; every problem with this name has the same title
   * @param detail a text for people that says what is wrong in this request
   */
  public static Problem of(HttpStatus status, String name, String title, String detail) {
    return of(status, name, title, detail, null);
  }

  /**
   * Does the same as {@link #of(HttpStatus, String, String, String)}. Only the log contains the
   * cause.
   */
  public static Problem of(
      HttpStatus status, String name, String title, String detail, @Nullable Throwable cause) {
    return new Problem(status, body(status, name, title, detail), cause);
  }

  /**
   * Creates only the body of a problem, for code that sends or stores the body without throwing a
   * problem.
   */
  public static ProblemDetail body(HttpStatus status, String name, String title, String detail) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
    body.setType(URI.create(TYPE + name));
    body.setTitle(title);
    return body;
  }

  /** The problem for a query parameter or header that cannot be understood. */
  public static Problem parameter(String detail) {
    return of(HttpStatus.BAD_REQUEST, "parameter", "A parameter is not valid", detail);
  }

  /**
   * Adds the property {@code errors}, which contains the rows or columns that caused the problem,
   * as JSON values.
   */
  public Problem withErrors(List<?> errors) {
    getBody().setProperty("errors", errors);
    return this;
  }

  /** Adds the header {@code Retry-After}. */
  public Problem retryAfterSeconds(int seconds) {
    headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(seconds));
    return this;
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }
}
