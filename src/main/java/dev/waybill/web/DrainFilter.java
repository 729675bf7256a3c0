package dev.waybill.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads on for a while after a refusal was sent. Most clients send their whole body before they
 * look at the answer; closing the connection on one that still sends resets it, and the answer that
 * lies in its buffer is lost.
 */
class DrainFilter extends OncePerRequestFilter {

  private final Duration patience;

  /**
   * @param patience how long one connection may keep its thread busy; the container's own timeout
   *     ends it sooner where nothing arrives
   */
  DrainFilter(Duration patience) {
    this.patience = patience;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getHeader(HttpHeaders.EXPECT) != null) {
      WatchedRequest watched = new WatchedRequest(request);
      chain.doFilter(watched, response);
      if (watched.bodyAskedFor) {
        drainAfterRefusal(request, response);
      }
      // Else the client waits for a word before it sends, and the refusal was that word.
    } else {
      chain.doFilter(request, response);
      drainAfterRefusal(request, response);
    }
  }

  private void drainAfterRefusal(HttpServletRequest request, HttpServletResponse response) {
    if (response.getStatus() < 400 || request.isAsyncStarted() || !hasBody(request)) {
      return;
    }
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      response.flushBuffer();
      InputStream body = request.getInputStream();
      byte[] discarded = new byte[64 * 1024];
      while (body.read(discarded) >= 0 && System.nanoTime() - deadline < 0) {}
    } catch (IOException | IllegalStateException e) {
      // The client has gone or stalled; the container closes the connection.
      logger.debug("Could not read the rest of a refused body", e);
    }
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  /** Notes that the body was asked for, which makes the container tell the client to send it. */
  private static final class WatchedRequest extends HttpServletRequestWrapper {

    private boolean bodyAskedFor;

    private WatchedRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      bodyAskedFor = true;
      return super.getInputStream();
    }
  }
}
