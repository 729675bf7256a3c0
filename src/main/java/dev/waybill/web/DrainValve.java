package dev.waybill.web;

import dev.waybill.http.ArrivedBytes;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/**
 * Reads the rest of a body that nobody read, for a while. Most clients send their whole body before
 * they look at the answer. Closing the connection while a client still sends resets it, and the
 * answer that waits in the client's buffer is lost.
 *
 * <p>Finishes the answer first, because a proxy stops sending when it gets an answer, and then
 * waits for the end of that answer. A filter cannot do this: when the container sees the end of an
 * answer, it closes the body for everyone above the connector. The container's own way to read the
 * rest ({@code max-swallow-size}) is off, because it has no limit in time.
 */
class DrainValve extends ValveBase {

  private static final Logger log = LoggerFactory.getLogger(DrainValve.class);

  /** A client that sends more slowly, after the first seconds, keeps the thread for nothing. */
  private static final long LEAST_BYTES_PER_SECOND = 1024;

  private static final Duration UNRATED = Duration.ofSeconds(3);

  private final Duration patience;

  /**
   * @param patience how long one connection may keep its thread busy; the container's own timeout
   *     ends it sooner if nothing arrives
   */
  DrainValve(Duration patience) {
    super(true);
    this.patience = patience;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    ArrivedBytes.offer(request);
    getNext().invoke(request, response);
    if (!request.isAsync() && sendsBody(request)) {
      try {
        response.finishResponse();
        discardBody(request.getCoyoteRequest());
      } catch (IOException | IllegalStateException e) {
        // The client left or stalled; the container closes the connection.
        log.debug("Could not read the rest of a body", e);
      }
    }
  }

  private static boolean sendsBody(Request request) {
    boolean hasBody =
        request.getContentLengthLong() > 0
            || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    // A client that waits for permission to send takes the refusal as the reply to that.
    boolean maySend =
        request.getHeader(HttpHeaders.EXPECT) == null
            || request.getCoyoteRequest().getBytesRead() > 0;
    return hasBody && maySend;
  }

  private void discardBody(org.apache.coyote.Request body) throws IOException {
    long start = System.nanoTime();
    long bytes = 0;
    Discard discard = new Discard();
    for (int read; (read = body.doRead(discard)) >= 0; ) {
      bytes += read;
      long elapsed = System.nanoTime() - start;
      boolean tooSlow =
          elapsed > UNRATED.toNanos()
              && bytes < LEAST_BYTES_PER_SECOND * TimeUnit.NANOSECONDS.toSeconds(elapsed);
      if (tooSlow || elapsed > patience.toNanos()) {
        return;
      }
    }
  }

  /** Takes what the connector delivers and drops it. */
  private static final class Discard implements ApplicationBufferHandler {

    private ByteBuffer buffer = ByteBuffer.allocate(0);

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public ByteBuffer getByteBuffer() {
      return buffer;
    }

    @Override
    public void expand(int size) {}
  }
}
