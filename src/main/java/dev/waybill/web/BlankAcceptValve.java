package dev.waybill.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Removes an {@code Accept} header that names no media type. A request with a blank header accepts
 * any media type, like a request without the header. For a blank header, Spring Boot's metrics
 * endpoint finds no format and fails with a {@code NullPointerException}. Without this valve, the
 * answer to a request with a blank header had the status 500.
 */
class BlankAcceptValve extends ValveBase {

  BlankAcceptValve() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
    if (headers.getHeader(HttpHeaders.ACCEPT) != null && namesNothing(headers)) {
      headers.removeHeader(HttpHeaders.ACCEPT);
    }
    getNext().invoke(request, response);
  }

  private static boolean namesNothing(MimeHeaders headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (headers.getName(i).equalsIgnoreCase(HttpHeaders.ACCEPT)
          && !isBlank(headers.getValue(i).toString())) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param value null if Tomcat found an illegal character in the header; Tomcat refuses such a
   *     request later
   */
  private static boolean isBlank(@Nullable String value) {
    return value != null && value.chars().allMatch(c -> c <= ' ' || c == ',');
  }
}
