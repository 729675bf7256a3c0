package dev.waybill.access;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Makes watch tokens. A shop's server passes a watch token to a browser. */
@RestController
@RequiredArgsConstructor
class TokenController {

  static final int MOST_NAMES = 20;
  static final Duration LONGEST = Duration.ofHours(24);

  private static final String DEFAULT_TTL = "10m";

  private final WatchTokens tokens;
  private final Credentials credentials;
  private final DecideAccess decide;
  private final JsonMapper json;
  private final Clock clock;

  /** The answer that contains the new token. */
  record Made(String token, Instant expiresAt) {}

  @PostMapping("/api/tokens")
  ResponseEntity<Made> make(HttpServletRequest request) throws IOException {
    JsonBody body = JsonBody.of(request, json, Set.of("watch", "ttl"));
    List<String> watch = body.texts("watch");
    if (watch.isEmpty() || watch.size() > MOST_NAMES) {
      throw Problem.parameter("watch names 1 to %d streams.".formatted(MOST_NAMES));
    }
    Duration ttl = ttl(body.text("ttl").orElse(DEFAULT_TTL));
    Access access = Access.of(request);
    Set<String> names = new LinkedHashSet<>();
    for (String name : watch) {
      names.addAll(allowed(access, name));
    }
    Instant end = clock.instant().plus(ttl).truncatedTo(ChronoUnit.MILLIS);
    Instant endOfCredential = credentials.endOf(access.origin());
    if (endOfCredential != null && endOfCredential.isBefore(end)) {
      end = endOfCredential;
    }
    String token = tokens.make(new WatchTokens.WatchToken(end, access.origin(), names));
    if (token.length() > WatchTokens.LONGEST) {
      throw Problem.parameter("The names in watch are too long for one token. Name fewer streams.");
    }
    return ResponseEntity.status(HttpStatus.CREATED)
        .cacheControl(CacheControl.noStore())
        .body(new Made(token, end));
  }

  /**
   * The rights that the token grants for one name. A token never grants more than the credential of
   * the request allows.
   */
  private Set<String> allowed(Access access, String name) {
    if (!NamePattern.isName(name)) {
      throw Problem.parameter(
          "watch holds names of streams such as job:4f2a…. A token takes no patterns.");
    }
    if (!decide.mayWatch(access, name)) {
      throw Problem.of(
          HttpStatus.FORBIDDEN,
          "forbidden",
          "The credential does not allow this",
          "A token may name only what its maker may watch: the scope watch with a pattern for each"
              + " stream, or an own job.");
    }
    return decide.mayReadRows(access, name)
        ? Set.of(name, name + DecideAccess.WITH_ROWS)
        : Set.of(name);
  }

  private static Duration ttl(String text) {
    try {
      Duration ttl = DurationStyle.detectAndParse(text);
      if (ttl.toSeconds() >= 1 && ttl.compareTo(LONGEST) <= 0) {
        return ttl;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      // Ignores this exception. The problem that is thrown after this block reports texts that are
      // not a time, and also times out of range.
    }
    throw Problem.parameter("ttl is a time from 1s to 24h, such as 10m.");
  }
}
