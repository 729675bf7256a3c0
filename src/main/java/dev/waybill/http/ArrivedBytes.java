package dev.waybill.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;

/**
 * Checks whether bytes of a request's body have arrived, without waiting for them. Tomcat's own
 * {@code available()} checks the socket only if a listener reads the body.
 */
public final class ArrivedBytes {

  private static final String ATTRIBUTE = ArrivedBytes.class.getName();

  private ArrivedBytes() {}

  /** Makes this check available to the code that handles the request after a valve. */
  public static void offer(Request request) {
    org.apache.coyote.Request body = request.getCoyoteRequest();
    BooleanSupplier look =
        () -> {
          body.action(ActionCode.AVAILABLE, true);
          return body.getAvailable() > 0;
        };
    request.setAttribute(ATTRIBUTE, look);
  }

  /**
   * Whether a read would return without waiting. Also true at the end of the body, and after a
   * failure.
   */
  public static boolean any(HttpServletRequest request, ServletInputStream body)
      throws IOException {
    return body.available() > 0
        || body.isFinished()
        || request.getAttribute(ATTRIBUTE) instanceof BooleanSupplier look && look.getAsBoolean();
  }
}
