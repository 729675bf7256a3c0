package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.stereotype.Component;

/** Finds the credential of a request in a header, in the query, or in the cookie of the page. */
@Component
@RequiredArgsConstructor
class ReadCredential implements AuthenticationConverter {

  static final String QUERY_PARAMETER = "access_token";
  static final String KEY_HEADER = "X-Api-Key";

  private static final String BEARER = "bearer ";

  private final AccessProperties properties;
  private final SessionCookie cookie;

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    Optional<AccessRules.Match> match = AccessRules.match(request);
    // Ignores the credentials of a request that needs no credential. Otherwise an old cookie would
    // prevent the page from loading.
    if (match.isEmpty() || match.get().rule() instanceof Rule.Open) {
      return null;
    }
    Caller address = Caller.atAddressOf(request);
    List<String> inHeaders = inHeaders(request);
    List<String> inQuery = inQuery(request.getQueryString());
    if (inHeaders.size() + inQuery.size() > 1) {
      throw new RefusedCredential(RefusedCredential.Reason.AMBIGUOUS);
    }
    if (!inHeaders.isEmpty()) {
      return presented(inHeaders.getFirst(), address);
    }
    if (!inQuery.isEmpty()) {
      boolean allowed =
          inQuery.getFirst().startsWith(WatchTokens.PREFIX)
              && match.filter(found -> found.rule().takesTokenInQuery()).isPresent();
      if (!allowed) {
        throw new RefusedCredential(RefusedCredential.Reason.IN_QUERY);
      }
      return new PresentedCredential(inQuery.getFirst(), PresentedCredential.Place.QUERY, address);
    }
    Optional<String> session = cookie.read(request);
    if (session.isPresent() && OwnOrigin.mustBeProved(request) && !OwnOrigin.is(request)) {
      throw new RefusedCredential(RefusedCredential.Reason.ORIGIN);
    }
    return session
        .map(id -> new PresentedCredential(id, PresentedCredential.Place.COOKIE, address))
        .orElse(null);
  }

  /**
   * Spring's resource server verifies a JWT. {@link VerifyCredential} verifies every other
   * credential.
   */
  private Authentication presented(String text, Caller address) {
    boolean jwt = properties.jwt().isConfigured() && text.split("\\.", -1).length == 3;
    boolean own =
        text.startsWith(KeyText.PREFIX)
            || text.startsWith(WatchTokens.PREFIX)
            || WorkerTokens.FORM.matcher(text).matches();
    return jwt && !own && !properties.isBootstrapKey(text)
        ? new BearerTokenAuthenticationToken(text)
        : new PresentedCredential(text, PresentedCredential.Place.HEADER, address);
  }

  private static List<String> inHeaders(HttpServletRequest request) {
    List<String> found = new ArrayList<>();
    for (String value : Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION))) {
      // Ignores every other scheme, such as Basic, because a credential with another scheme is
      // meant for a proxy in front of this server.
      if (value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        found.add(value.substring(BEARER.length()).strip());
      }
    }
    Collections.list(request.getHeaders(KEY_HEADER)).forEach(value -> found.add(value.strip()));
    return found;
  }

  private static List<String> inQuery(@Nullable String query) {
    List<String> found = new ArrayList<>();
    for (String part : query == null ? new String[0] : query.split("&")) {
      String[] pair = part.split("=", 2);
      if (decoded(pair[0]).equals(QUERY_PARAMETER)) {
        found.add(pair.length == 2 ? decoded(pair[1]) : "");
      }
    }
    return found;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
