package dev.waybill.stream;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.coyote.Request;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action as soon as Tomcat's thread has left an asynchronous request.
 *
 * <p>The action writes to the client. If the action ran earlier, its write could fail because the
 * client had reset the connection. Then Tomcat would close the connection without ending the
 * asynchronous request. Tomcat would count this request as in progress for ever, and the next
 * graceful stop would wait 30 seconds for the request.
 */
final class AsyncStart {

  private static final String ATTRIBUTE = AsyncStart.class.getName();

  private AsyncStart() {}

  /**
   * Runs the action later, as this class describes. If the connection is not served by {@link
   * LeanProcessor}, runs the action immediately.
   */
  static void then(HttpServletRequest request, Runnable action) {
    if (request.getProtocol().startsWith("HTTP/1.")) {
      request.setAttribute(ATTRIBUTE, action);
    } else {
      action.run();
    }
  }

  /**
   * Removes and returns the action of a request that has just become asynchronous. A second call
   * returns null.
   */
  static @Nullable Runnable take(Request coyoteRequest) {
    if (coyoteRequest.getNote(CoyoteAdapter.ADAPTER_NOTES)
            instanceof org.apache.catalina.connector.Request request
        && request.getAttribute(ATTRIBUTE) instanceof Runnable action) {
      request.removeAttribute(ATTRIBUTE);
      return action;
    }
    return null;
  }
}
