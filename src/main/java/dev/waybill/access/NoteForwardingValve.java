package dev.waybill.access;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Marks a request that a proxy has forwarded. Runs before Tomcat's own valve for forwarded
 * requests, because Tomcat's valve removes this information. Tomcat's valve replaces the proxy's
 * address by the client's, removes the proxy's headers, and marks every request of a private
 * address as forwarded.
 */
final class NoteForwardingValve extends ValveBase {

  /** The name of the request attribute that marks a forwarded request. */
  static final String FORWARDED = NoteForwardingValve.class.getName();

  private static final List<String> HEADERS =
      List.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Forwarded-Port",
          "X-Real-IP");

  NoteForwardingValve() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (HEADERS.stream().anyMatch(name -> request.getHeader(name) != null)) {
      request.setAttribute(FORWARDED, true);
    }
    getNext().invoke(request, response);
  }
}
