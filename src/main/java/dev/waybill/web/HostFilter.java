package dev.waybill.web;

import dev.waybill.access.HostHeader;
import dev.waybill.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests for a host name that does not belong to this server. A page of another site can
 * point its own host name at the address of a server in the user's network (DNS rebinding). For the
 * browser, the requests of this page are then same-origin requests, and the headers {@code Origin}
 * and {@code Host} agree. Only the foreign host name reveals the attack.
 *
 * <p>A request whose host is the local IP address of the connection is always allowed, because it
 * contains no name that could be rebound. Health probes of an orchestrator and requests of other
 * pods use IP addresses.
 *
 * <p>Only the header {@code Host} is checked. {@code X-Forwarded-Host} is ignored, because the
 * client can choose it freely.
 */
class HostFilter extends OncePerRequestFilter {

  private final Set<String> hosts;
  private final AnswerProblem answerProblem;

  /**
   * @param hosts the host names that are allowed in addition to loopback names, in lower case
   */
  HostFilter(Set<String> hosts, AnswerProblem answerProblem) {
    this.hosts = hosts;
    this.answerProblem = answerProblem;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.HOST);
    // Allows a missing header. Only an HTTP/1.0 request can have no Host, and no browser uses
    // HTTP/1.0. Tomcat refuses an HTTP/1.1 request without Host.
    if (header == null || isThisServer(header, request.getLocalAddr())) {
      chain.doFilter(request, response);
      return;
    }
    answerProblem.write(
        response,
        Problem.body(
            HttpStatus.FORBIDDEN,
            "host",
            "The host is not allowed",
            "This server is not called \"%s\". Its operator can add the name to waybill.access.hosts."
                .formatted(shown(header))));
  }

  private boolean isThisServer(String header, String localAddress) {
    Optional<HostHeader> host = HostHeader.parse(header);
    return host.isPresent()
        && (host.get().isLoopback()
            || hosts.contains(host.get().name())
            || host.get().isAddress(localAddress));
  }

  private static String shown(String header) {
    return header.length() > 200 ? header.substring(0, 200) + "…" : header;
  }
}
