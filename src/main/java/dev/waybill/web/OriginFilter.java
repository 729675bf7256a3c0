package dev.waybill.web;

import dev.waybill.access.WebOrigin;
import dev.waybill.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses the requests of other sites' pages, for every path and method. CORS alone is not enough.
 * A page of another site could still send two kinds of requests to a server on the user's own
 * machine: requests that watch a job, and requests that send a file. Neither kind needs a preflight
 * request.
 *
 * <p>For some requests of another site's page, such as the request for an image or a script, a
 * browser sends no header {@code Origin}. The header {@code Sec-Fetch-Site} reveals these requests.
 */
class OriginFilter extends OncePerRequestFilter {

  /**
   * The paths that return data. All other paths belong to the web page of this server, and other
   * sites may link to this page.
   */
  private static final Pattern DATA = Pattern.compile("/(?:api|sse|actuator|internal)(?:/.*)?");

  /** The values of {@code Sec-Fetch-Site} that a page of another site cannot cause. */
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private final CorsProperties cors;
  private final AnswerProblem answerProblem;
  private final CorsFilter corsFilter;

  OriginFilter(CorsProperties cors, AnswerProblem answerProblem) {
    this.cors = cors;
    this.answerProblem = answerProblem;
    CorsConfiguration configuration = new CorsConfiguration();
    configuration.setAllowedOrigins(List.copyOf(cors.allowedOrigins()));
    configuration.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    configuration.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    // Allows credentials. To allow credentials is safe here, because the allowed origins are exact
    // and contain no wildcards.
    configuration.setAllowCredentials(true);
    configuration.setExposedHeaders(
        List.of(
            "Location",
            "Retry-After",
            "ETag",
            "Preference-Applied",
            "RateLimit",
            "RateLimit-Policy",
            AnswerValve.POD_HEADER));
    configuration.setMaxAge(3600L);
    this.corsFilter = new CorsFilter(request -> configuration);
    this.corsFilter.setCorsProcessor(new ProblemCorsProcessor(answerProblem));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    List<String> origins = Collections.list(request.getHeaders(HttpHeaders.ORIGIN));
    if (origins.isEmpty()) {
      if (isForeign(request)) {
        refuse(response, "A page of another site");
      } else {
        chain.doFilter(request, response);
      }
      return;
    }
    Optional<WebOrigin> origin =
        origins.size() == 1 ? WebOrigin.parse(origins.getFirst()) : Optional.empty();
    if (origin.isPresent() && origin.get().isServer(request.getHeader(HttpHeaders.HOST))) {
      // Skips the CORS filter for this request. Behind a proxy that terminates TLS, the CORS filter
      // sees another scheme than the browser and would refuse the request.
      chain.doFilter(request, response);
    } else if (origin.isPresent() && cors.allowedOrigins().contains(origin.get().toString())) {
      corsFilter.doFilter(request, response, chain);
    } else {
      refuse(response, "A page from " + String.join(", ", origins));
    }
  }

  private static boolean isForeign(HttpServletRequest request) {
    return DATA.matcher(request.getServletPath()).matches()
        && Collections.list(request.getHeaders("Sec-Fetch-Site")).stream()
            .anyMatch(site -> !OWN_SITE.contains(site.strip().toLowerCase(Locale.ROOT)));
  }

  private void refuse(HttpServletResponse response, String page) throws IOException {
    String shown = page.length() > 200 ? page.substring(0, 200) + "…" : page;
    answerProblem.write(
        response,
        Problem.body(
            HttpStatus.FORBIDDEN,
            "origin",
            "The origin is not allowed",
            "%s may not call this server. Its operator can allow it by waybill.cors.allowed-origins."
                .formatted(shown)));
  }
}
