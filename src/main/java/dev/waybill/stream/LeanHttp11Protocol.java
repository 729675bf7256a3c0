package dev.waybill.stream;

import dev.waybill.http.BoundedEndpoint;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.springframework.http.MediaType;

/**
 * Tomcat's HTTP/1.1 with smaller buffers. Each connection holds the buffers of its socket as long
 * as it is open, and with Tomcat's sizes they are most of what a watcher costs. Reads and writes
 * stay large enough for files. The head of a request keeps its size, because cookies may be long.
 *
 * <p>Public, because Tomcat creates it by its name.
 */
public class LeanHttp11Protocol extends Http11NioProtocol {

  @SuppressWarnings("this-escape") // no class extends it
  public LeanHttp11Protocol() {
    super(new BoundedEndpoint());
    setProperty("socket.appReadBufSize", "4096");
    setProperty("socket.appWriteBufSize", "4096");
    // With a pool, the buffers of a closed connection serve the next one. The drainer of the old
    // connection may still be writing into them, and one client would get another's events.
    setProperty("socket.bufferPool", "0");
    // A request may send trailers behind a chunked body; nothing here reads them.
    setMaxTrailerSize(512);
  }

  @Override
  protected Processor createProcessor() {
    return new LeanProcessor(this, getAdapter());
  }

  /** Never compresses a stream: after the socket is taken over, nothing would compress it. */
  @Override
  public boolean useCompression(Request request, Response response) {
    String type = response.getContentType();
    boolean isStream = type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
    return !isStream && super.useCompression(request, response);
  }

  /** The buffer of a response; Tomcat adds one of twice this size for characters. */
  @Override
  public int getDesiredBufferSize() {
    return 1024;
  }
}
