package dev.waybill.stream;

import dev.waybill.http.BoundedEndpoint;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.springframework.http.MediaType;

/**
 * Tomcat's HTTP/1.1 with smaller buffers. Each open connection holds the buffers of its socket, and
 * with Tomcat's default sizes they are most of the memory that a watcher needs. Reads and writes
 * stay large enough for files. The limit for the head of a request is unchanged, because cookies
 * may be long.
 *
 * <p>Public, because Tomcat creates an instance from the class name.
 */
public class LeanHttp11Protocol extends Http11NioProtocol {

  @SuppressWarnings("this-escape") // no class extends this one
  public LeanHttp11Protocol() {
    super(new BoundedEndpoint());
    setProperty("socket.appReadBufSize", "4096");
    setProperty("socket.appWriteBufSize", "4096");
    // Switches the pool off. With a pool, the next connection reuses the buffers of a closed one.
    // The drainer of the closed connection may still be writing into them, so one client could get
    // the events of another.
    setProperty("socket.bufferPool", "0");
    // A request may send trailers after a chunked body; this service does not read them, so it
    // accepts few bytes.
    setMaxTrailerSize(512);
  }

  @Override
  protected Processor createProcessor() {
    return new LeanProcessor(this, getAdapter());
  }

  /**
   * Never compresses a stream. After the socket is taken over from Tomcat, no code would compress
   * the bytes.
   */
  @Override
  public boolean useCompression(Request request, Response response) {
    String type = response.getContentType();
    boolean isStream = type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
    return !isStream && super.useCompression(request, response);
  }

  /**
   * The size of a response's buffer. Tomcat adds a second buffer of twice this size for characters.
   */
  @Override
  public int getDesiredBufferSize() {
    return 1024;
  }
}
