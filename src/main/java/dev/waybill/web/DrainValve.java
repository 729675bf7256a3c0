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
 * Reads the unread rest of a request body for a limited time. Most clients send their whole body
 * before they read the response. If the server closes the connection while a client is still
 * sending, the connection is reset. A reset makes the client lose the response, which is still in
 * the receive buffer of the client.
 *
 * <p>The valve finishes the response before it reads the body. A proxy stops sending when it gets a
 * response, and then waits for the end of the response. A filter cannot finish the response first,
 * because after the end of the response only Tomcat's connector can read the body. Tomcat's own way
 * to read the rest ({@code max-swallow-size}) is off, because it has no time limit.
 */
class DrainValve extends ValveBase {

  private static final Logger log = LoggerFactory.getLogger(DrainValve.class);

  /**
   * The minimum rate of a client after the first seconds. If a client is slower, the valve stops
   * reading, so that the client does not occupy the thread.
   */
  private static final long LEAST_BYTES_PER_SECOND = 1024;

  private static final Duration UNRATED = Duration.ofSeconds(3);

  private final Duration patience;

  /**
   * @param patience the maximum time for which one connection may occupy its thread; if no bytes
   *     arrive, Tomcat's own timeout ends the reading sooner
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
        // This exception occurs if the client has left or stopped sending. Tomcat then closes the
        // connection.
        log.debug("Could not read the rest of a body", e);
      }
    }
  }

  private static boolean sendsBody(Request request) {
    boolean hasBody =
        request.getContentLengthLong() > 0
            || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    // A client that has sent Expect: 100-continue waits for the permission to send its body. This
    // client treats the response as a refusal and sends no body.
    boolean maySend =
        request.getHeader(HttpHeaders.EXPECT) == null
            || request.getCoyoteRequest().getBytesRead() > 0
            || ArrivedBytes.wereRequested(request);
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

  /** Takes the bytes of the body from Tomcat's connector and drops them. */
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
