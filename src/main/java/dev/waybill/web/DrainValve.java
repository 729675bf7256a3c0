package dev.waybill.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/**
 * Reads on for a while after a refusal was sent. Most clients send their whole body before they
 * look at the answer; closing the connection on one that still sends resets it, and the answer that
 * lies in its buffer is lost.
 *
 * <p>The answer is finished first, since a proxy stops sending once it has begun, and then waits
 * for its end. No filter could do that: where the container sees the end of an answer, it closes
 * the body for everyone above the connector.
 */
class DrainValve extends ValveBase {

  private static final Logger log = LoggerFactory.getLogger(DrainValve.class);

  private final Duration patience;

  /**
   * @param patience how long one connection may keep its thread busy; the container's own timeout
   *     ends it sooner where nothing arrives
   */
  DrainValve(Duration patience) {
    super(true);
    this.patience = patience;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    if (response.getStatus() >= 400 && !request.isAsync() && sendsBody(request)) {
      try {
        response.finishResponse();
        discardBody(request.getCoyoteRequest());
      } catch (IOException | IllegalStateException e) {
        // The client has gone or stalled; the container closes the connection.
        log.debug("Could not read the rest of a refused body", e);
      }
    }
  }

  private static boolean sendsBody(Request request) {
    boolean hasBody =
        request.getContentLengthLong() > 0
            || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    // Who waits for a word before sending has the refusal for that word.
    boolean toldToGoOn =
        request.getHeader(HttpHeaders.EXPECT) == null
            || request.getCoyoteRequest().getBytesRead() > 0;
    return hasBody && toldToGoOn;
  }

  private void discardBody(org.apache.coyote.Request body) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    Discard discard = new Discard();
    while (body.doRead(discard) >= 0 && System.nanoTime() - deadline < 0) {}
  }

  /** Takes what the connector hands over and forgets it. */
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
