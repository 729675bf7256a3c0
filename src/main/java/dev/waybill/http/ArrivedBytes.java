package dev.waybill.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;

/**
 * Checks whether bytes of a request's body have arrived, without waiting for bytes. Tomcat's own
 * {@code available()} checks the socket only if a listener reads the body.
 */
public final class ArrivedBytes {

  private static final String ATTRIBUTE = ArrivedBytes.class.getName();

  private final org.apache.coyote.Request body;
  private boolean requested; // used only by the thread of the request

  private ArrivedBytes(org.apache.coyote.Request body) {
    this.body = body;
  }

  /** Makes this check available to the code that handles the request after a valve. */
  public static void offer(Request request) {
    request.setAttribute(ATTRIBUTE, new ArrivedBytes(request.getCoyoteRequest()));
  }

  /**
   * Whether a read of the body would return without waiting. Also true at the end of the body, and
   * after a failure.
   */
  public static boolean any(HttpServletRequest request, ServletInputStream body)
      throws IOException {
    return body.available() > 0
        || body.isFinished()
        || request.getAttribute(ATTRIBUTE) instanceof ArrivedBytes arrived && arrived.look();
  }

  /**
   * Whether {@link #any} has given the client the permission to send its body. A client that has
   * sent "Expect: 100-continue" waits for this permission.
   */
  public static boolean wereRequested(Request request) {
    return request.getAttribute(ATTRIBUTE) instanceof ArrivedBytes arrived && arrived.requested;
  }

  private boolean look() {
    if (!requested) {
      // Tomcat answers "Expect: 100-continue" only when the body is read. But the caller reads
      // nothing before bytes have arrived, and the client sends nothing before it has this answer.
      // Without this call, curl lost one second, and a client that requires the answer waited for
      // ever.
      requested = true;
      body.action(ActionCode.ACK, ContinueResponseTiming.ON_REQUEST_BODY_READ);
    }
    body.action(ActionCode.AVAILABLE, true);
    return body.getAvailable() > 0;
  }
}
