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
 * Refuses requests for a host that is not this server. A page can point its own name at the address
 * of a server in the user's network (DNS rebinding). Its requests are then same-origin for the
 * browser, {@code Origin} and {@code Host} agree, and only the name itself gives it away.
 *
 * <p>An address that the connection came to needs no setting: no name is involved, so there is
 * nothing to rebind. Probes of an orchestrator and requests of other pods come that way.
 *
 * <p>Only the header {@code Host} counts. {@code X-Forwarded-Host} says what a client chose to
 * send.
 */
class HostFilter extends OncePerRequestFilter {

  private final Set<String> hosts;
  private final AnswerProblem answerProblem;

  /**
   * @param hosts allowed besides loopback names, in lower case
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
    // Tomcat refuses HTTP/1.1 without Host. HTTP/1.0 has none, and no browser speaks it.
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
