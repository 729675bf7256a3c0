package dev.waybill.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the time in which a body must arrive. Tomcat restarts its own timeout with each byte, so a
 * client that sends a small body byte by byte could occupy a thread for hours. Uploads have another
 * limit, which is a minimum rate.
 */
class BodyTimeoutFilter extends OncePerRequestFilter {

  /** The maximum time from opening the body's stream to the last read. */
  static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);

  private static final Set<String> UPLOADS = Set.of("/api/upload/csv");

  private static final Pattern REPORTS = Pattern.compile("/api/jobs/[^/]+/events");

  private final LongSupplier nanos;

  BodyTimeoutFilter(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean hasOwnLimit = UPLOADS.contains(request.getServletPath()) || isLongReport(request);
    chain.doFilter(hasOwnLimit ? request : new TimedRequest(request, nanos), response);
  }

  /**
   * Whether the body contains the reports of a worker. The time limit does not apply to a body with
   * reports, because a worker sends reports as long as it works. If the worker is silent for too
   * long, Waybill ends the job of this worker.
   */
  private static boolean isLongReport(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_NDJSON_VALUE)
        && REPORTS.matcher(request.getServletPath()).matches();
  }

  private static final class TimedRequest extends HttpServletRequestWrapper {

    private final LongSupplier nanos;

    TimedRequest(HttpServletRequest request, LongSupplier nanos) {
      super(request);
      this.nanos = nanos;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new TimedStream(super.getInputStream(), nanos);
    }
  }

  private static final class TimedStream extends ServletInputStream {

    private final ServletInputStream body;
    private final LongSupplier nanos;
    private final long start;

    TimedStream(ServletInputStream body, LongSupplier nanos) {
      this.body = body;
      this.nanos = nanos;
      this.start = nanos.getAsLong();
    }

    @Override
    public int read() throws IOException {
      requireTime();
      return body.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      requireTime();
      return body.read(bytes, from, length);
    }

    private void requireTime() throws SocketTimeoutException {
      if (nanos.getAsLong() - start > BODY_TIMEOUT.toNanos()) {
        throw new SocketTimeoutException(
            "The body did not arrive within " + BODY_TIMEOUT.toSeconds() + " s");
      }
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
