package dev.waybill.stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Ends responses without their last chunk, so that the client sees a loss. {@code
 * fetch-event-source} takes an orderly end for the end of the work, and never comes back.
 *
 * <p>A response is broken off on Tomcat's own thread, when it comes to end the response. On any
 * other thread the connection may serve another request by then.
 */
final class BreakOff extends ValveBase {

  private static final String ATTRIBUTE = BreakOff.class.getName();

  BreakOff() {
    super(true);
  }

  /** A mark on one request that can be set at any time until its response has ended. */
  static final class Mark {

    private volatile boolean set;

    /** Marks a request; on its own thread. */
    static Mark on(HttpServletRequest request) {
      Mark mark = new Mark();
      request.setAttribute(ATTRIBUTE, mark);
      return mark;
    }

    /** The response breaks off as soon as it is completed. */
    void set() {
      set = true;
    }
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    if (request.getAttribute(ATTRIBUTE) instanceof Mark mark && mark.set) {
      response
          .getCoyoteResponse()
          .action(ActionCode.CLOSE_NOW, new IOException("The server has broken off the stream"));
    }
  }
}
