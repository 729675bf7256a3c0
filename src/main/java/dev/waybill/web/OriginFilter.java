package dev.waybill.web;

import dev.waybill.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what another site's page asks, whatever the path and method: a job that is only watched
 * or a file that is only sent needs no preflight, so CORS alone would let both through to a server
 * on the user's own machine.
 */
class OriginFilter extends OncePerRequestFilter {

  private final CorsProperties cors;
  private final AnswerProblem answerProblem;
  private final CorsFilter corsFilter;

  OriginFilter(CorsProperties cors, AnswerProblem answerProblem) {
    this.cors = cors;
    this.answerProblem = answerProblem;
    CorsConfiguration configuration = new CorsConfiguration();
    configuration.setAllowedOrigins(List.copyOf(cors.allowedOrigins()));
    configuration.setAllowedMethods(List.of("GET", "HEAD", "POST", "DELETE"));
    configuration.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    configuration.setExposedHeaders(
        List.of("Location", "Retry-After", "ETag", "Preference-Applied", AnswerValve.POD_HEADER));
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
      chain.doFilter(request, response);
      return;
    }
    Optional<WebOrigin> origin =
        origins.size() == 1 ? WebOrigin.parse(origins.getFirst()) : Optional.empty();
    if (origin.isPresent() && origin.get().isServer(request.getHeader(HttpHeaders.HOST))) {
      // Not through the CORS filter: behind a proxy that ends TLS it would see another scheme.
      chain.doFilter(request, response);
    } else if (origin.isPresent() && cors.allowedOrigins().contains(origin.get().toString())) {
      corsFilter.doFilter(request, response, chain);
    } else {
      answerProblem.write(
          response,
          Problem.body(
              HttpStatus.FORBIDDEN,
              "origin",
              "The origin is not allowed",
              "A page from %s may not call this server. Its operator can allow it by waybill.cors.allowed-origins."
                  .formatted(String.join(", ", origins))));
    }
  }
}
