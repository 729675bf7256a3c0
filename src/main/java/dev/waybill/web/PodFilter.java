package dev.waybill.web;

import dev.waybill.event.Pod;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Names the pod on every answer, and tells browsers to trust nothing but this server. */
class PodFilter extends OncePerRequestFilter {

  static final String HEADER = "X-Waybill-Pod";

  private final Pod pod;

  PodFilter(Pod pod) {
    this.pod = pod;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader(HEADER, pod.id());
    response.setHeader("Content-Security-Policy", "default-src 'self'");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    chain.doFilter(request, response);
  }
}
