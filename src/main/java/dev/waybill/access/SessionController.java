package dev.waybill.access;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Opens and ends the session of the page. */
@RestController
@RequestMapping("/api/session")
@RequiredArgsConstructor
class SessionController {

  static final Duration LONGEST = Duration.ofHours(12);

  private static final int ID_BYTES = 32;

  private final SessionStore sessions;
  private final Credentials credentials;
  private final SessionCookie cookie;
  private final Clock clock;

  /**
   * The answer when a session was opened. The answer contains the scopes that the page has, and the
   * time at which the session expires.
   */
  record Opened(Instant expiresAt, List<String> scopes) {}

  @PostMapping
  ResponseEntity<Opened> open(HttpServletRequest request) {
    Access access = Access.of(request);
    if (request.getHeader(HttpHeaders.ORIGIN) != null && !OwnOrigin.is(request)) {
      throw foreign();
    }
    if (access.origin().startsWith("session:")) {
      throw Problem.of(
          HttpStatus.FORBIDDEN,
          "forbidden",
          "The credential does not allow this",
          "A session is opened by a key or a JWT in the header Authorization.");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant end = now.plus(LONGEST);
    Instant endOfCredential = credentials.endOf(access.origin());
    if (endOfCredential != null && endOfCredential.isBefore(end)) {
      end = endOfCredential;
    }
    String id = KeyText.randomHex(ID_BYTES);
    sessions.insert(
        new SessionStore.Session(
            KeyText.hash(id),
            access.caller().id(),
            access.kind(),
            access.origin(),
            access.rights(),
            now,
            end));
    return ResponseEntity.status(HttpStatus.CREATED)
        .cacheControl(CacheControl.noStore())
        .header(HttpHeaders.SET_COOKIE, cookie.set(request, id, Duration.between(now, end)))
        .body(new Opened(end, access.rights().scopeTexts()));
  }

  @DeleteMapping
  ResponseEntity<Void> end(HttpServletRequest request) {
    cookie
        .read(request)
        .ifPresent(
            id -> {
              if (!OwnOrigin.is(request)) {
                throw foreign();
              }
              sessions.delete(KeyText.hash(id));
            });
    return ResponseEntity.noContent()
        .cacheControl(CacheControl.noStore())
        .header(HttpHeaders.SET_COOKIE, cookie.remove(request))
        .build();
  }

  private static Problem foreign() {
    return Problem.of(
        HttpStatus.FORBIDDEN,
        "origin",
        "The origin is not allowed",
        RefusedCredential.Reason.ORIGIN.detail());
  }
}
