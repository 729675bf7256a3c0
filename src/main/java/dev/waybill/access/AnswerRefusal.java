package dev.waybill.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers refused requests. Every refusal of this server has the same form. */
@Component
@RequiredArgsConstructor
class AnswerRefusal implements AuthenticationEntryPoint, AccessDeniedHandler {

  private static final int RETRY_SECONDS = 10;

  private final JsonMapper json;
  private final AuditLog audit;
  private final AccessMetrics metrics;

  /** Answers a request that has no credential or whose credential is not valid. */
  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    if (failure instanceof AuthenticationServiceException) {
      // Anyone can cause such a failure by sending an invented token. So the audit log limits the
      // number of lines about these failures.
      metrics.refused("unchecked");
      audit.refused(request, Access.nobody(request), "unchecked");
      notNow(request, response, failure);
      return;
    }
    if (failure instanceof RefusedCredential refused
        && refused.reason() == RefusedCredential.Reason.ORIGIN) {
      foreign(request, response);
      return;
    }
    boolean missing =
        !(failure instanceof RefusedCredential || failure instanceof InvalidBearerTokenException);
    String reason = reason(failure, missing);
    metrics.refused(reason);
    if (!missing) {
      audit.refused(request, Access.nobody(request), reason);
    }
    response.setHeader(
        HttpHeaders.WWW_AUTHENTICATE,
        "Bearer realm=\"waybill\"" + (missing ? "" : ", error=\"invalid_token\""));
    write(
        response,
        Problem.body(
            HttpStatus.UNAUTHORIZED, "unauthenticated", "A credential is needed", detail(failure)));
  }

  /**
   * Answers a request that has no credential while access control is off, if only this machine may
   * make the call.
   */
  void missing(HttpServletRequest request, HttpServletResponse response) throws IOException {
    commence(request, response, new InsufficientAuthenticationException("missing"));
  }

  private static String reason(AuthenticationException failure, boolean missing) {
    if (failure instanceof RefusedCredential refused) {
      return refused.reason().name().toLowerCase(Locale.ROOT);
    }
    return missing ? "missing" : "jwt";
  }

  private static String detail(AuthenticationException failure) {
    return switch (failure) {
      case RefusedCredential refused -> refused.reason().detail();
      case InvalidBearerTokenException _ -> "The token is not valid, or it has expired.";
      default -> "Send a key or a token: Authorization: Bearer …";
    };
  }

  /** Answers a request whose credential is valid, but does not allow the call. */
  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
      throws IOException {
    Object result =
        failure instanceof AuthorizationDeniedException denied
            ? denied.getAuthorizationResult()
            : null;
    if (result instanceof Refusal.UnknownJob) {
      metrics.refused("owner");
      audit.refused(request, Access.of(request), "owner");
      write(response, unknownJob());
      return;
    }
    metrics.refused("scope");
    audit.refused(request, Access.of(request), "scope");
    String detail =
        result instanceof Refusal.Forbidden(String what)
            ? what
            : "The credential does not allow it.";
    write(
        response,
        Problem.body(
            HttpStatus.FORBIDDEN, "forbidden", "The credential does not allow this", detail));
  }

  /**
   * Answers a request that has the session cookie of the page, but no proof that a page of this
   * server sent the request.
   */
  void foreign(HttpServletRequest request, HttpServletResponse response) throws IOException {
    metrics.refused("origin");
    audit.refused(request, Access.nobody(request), "origin");
    write(
        response,
        Problem.body(
            HttpStatus.FORBIDDEN,
            "origin",
            "The origin is not allowed",
            RefusedCredential.Reason.ORIGIN.detail()));
  }

  /**
   * Answers a request while the database or the issuer does not answer. A request for a stream gets
   * no error status, because an {@code EventSource} never reconnects after an error status.
   */
  private void notNow(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    // Clients that open a stream by POST use fetch, not EventSource. With fetch, a client can read
    // the status, so it gets the problem as an answer.
    boolean stream =
        !HttpMethod.POST.matches(request.getMethod())
            && Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT))
                .filter(accept -> accept.contains(MediaType.TEXT_EVENT_STREAM_VALUE))
                .isPresent();
    if (!stream) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
      write(response, failure.getCause() instanceof JwtException ? noIssuer() : noStorage());
      return;
    }
    byte[] body =
        "retry: %d\n: waybill\n\n"
            .formatted(ThreadLocalRandom.current().nextInt(2_000, 10_000))
            .getBytes(US_ASCII);
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static ProblemDetail noStorage() {
    return Problem.body(
        HttpStatus.SERVICE_UNAVAILABLE,
        "storage",
        "The storage does not answer",
        "The credential could not be checked. Try again later.");
  }

  private static ProblemDetail noIssuer() {
    return Problem.body(
        HttpStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "Not now",
        "The token could not be checked, because its issuer does not answer. Try again later.");
  }

  void answer(HttpServletResponse response, Problem problem) throws IOException {
    problem
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> response.setHeader(name, value)));
    write(response, problem.getBody());
  }

  /**
   * The problem for a job that does not exist, and also for a job of another caller. Both answers
   * are equal, so that a caller cannot learn whether the job exists.
   */
  private static ProblemDetail unknownJob() {
    return Problem.body(
        HttpStatus.NOT_FOUND,
        "job-unknown",
        "No such job",
        "No job has this transaction ID. It may have been removed after its retention.");
  }

  private void write(HttpServletResponse response, ProblemDetail problem) throws IOException {
    byte[] body = json.writeValueAsBytes(problem);
    response.setStatus(problem.getStatus());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
