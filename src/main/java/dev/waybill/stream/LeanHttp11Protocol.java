package dev.waybill.stream;

import dev.waybill.http.BoundedEndpoint;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.springframework.http.MediaType;

/**
 * HTTP/1.1 as Tomcat speaks it, with smaller buffers: each connection holds those of its socket for
 * as long as it stays, and with Tomcat's sizes they are most of what a watcher costs. Reads and
 * writes stay large enough for files. The request's head keeps its size, for the sake of cookies.
 *
 * <p>Public, as Tomcat makes it by its name.
 */
public class LeanHttp11Protocol extends Http11NioProtocol {

  @SuppressWarnings("this-escape") // no class extends it
  public LeanHttp11Protocol() {
    super(new BoundedEndpoint());
    setProperty("socket.appReadBufSize", "4096");
    setProperty("socket.appWriteBufSize", "4096");
    // Or the buffers of a connection that was just closed would serve the next one, while the
    // drainer of the old one may be amid a write into them: one client's events for another.
    setProperty("socket.bufferPool", "0");
    // What a request may send behind a chunked body, which is nothing that is looked at here.
    setMaxTrailerSize(512);
  }

  /** Of no stream: once its connection has been taken over, nothing would compress it. */
  @Override
  public boolean useCompression(Request request, Response response) {
    String type = response.getContentType();
    boolean isStream = type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
    return !isStream && super.useCompression(request, response);
  }

  /** Of a response; there is another one of twice this size for those who write characters. */
  @Override
  public int getDesiredBufferSize() {
    return 1024;
  }
}
