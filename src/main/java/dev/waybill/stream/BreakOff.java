package dev.waybill.stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Breaks responses off. Such a response ends without its last chunk, so the client notices that the
 * stream is incomplete. After a regular end of the response, {@code fetch-event-source} would
 * assume that the work has ended, and never reconnect.
 *
 * <p>Tomcat's own thread breaks the response off, at the moment when this thread ends the response.
 * If another thread broke the response off, the connection might already serve another request.
 */
final class BreakOff extends ValveBase {

  private static final String ATTRIBUTE = BreakOff.class.getName();

  BreakOff() {
    super(true);
  }

  /**
   * Marks one request whose response must be broken off. The mark can be set at any time until the
   * response has ended.
   */
  static final class Mark {

    private volatile boolean set;

    /** Adds a mark to a request. Must run on the thread of the request. */
    static Mark on(HttpServletRequest request) {
      Mark mark = new Mark();
      request.setAttribute(ATTRIBUTE, mark);
      return mark;
    }

    /** Makes Tomcat break the response off when the response ends. */
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
