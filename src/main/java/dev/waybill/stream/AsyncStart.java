package dev.waybill.stream;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.coyote.Request;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action once Tomcat has finished the thread of an asynchronous request.
 *
 * <p>A write that fails earlier, because the client has reset its connection, makes Tomcat close
 * the connection without ending the asynchronous request. Tomcat then counts it as in progress for
 * ever, and the next graceful stop waits 30 seconds for it.
 */
final class AsyncStart {

  private static final String ATTRIBUTE = AsyncStart.class.getName();

  private AsyncStart() {}

  /** Runs the action at once where the connection is not served by {@link LeanProcessor}. */
  static void then(HttpServletRequest request, Runnable action) {
    if (request.getProtocol().startsWith("HTTP/1.")) {
      request.setAttribute(ATTRIBUTE, action);
    } else {
      action.run();
    }
  }

  /** The action of a request that has just become asynchronous; null the second time. */
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
