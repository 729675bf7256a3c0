package dev.waybill.stream;

import dev.waybill.http.BoundedEndpoint;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.springframework.http.MediaType;

/**
 * Tomcat's HTTP/1.1 with smaller buffers. Each open connection holds the buffers of its socket.
 * With Tomcat's default sizes, a watcher needs most of its memory for these buffers. The buffers
 * are still large enough to transfer files. The limit for the head of a request is unchanged,
 * because cookies may be long.
 *
 * <p>This class is public, because Tomcat creates an instance by the name of the class.
 */
public class LeanHttp11Protocol extends Http11NioProtocol {

  @SuppressWarnings("this-escape") // this class has no subclasses
  public LeanHttp11Protocol() {
    super(new BoundedEndpoint());
    setProperty("socket.appReadBufSize", "4096");
    setProperty("socket.appWriteBufSize", "4096");
    // Switches off the pool of socket buffers. With the pool, a new connection reuses the buffers
    // of a closed connection. The drainer of the closed connection may still be writing into these
    // buffers, so one client could get the events of another client.
    setProperty("socket.bufferPool", "0");
    // A request may contain trailers after a chunked body. This service does not read trailers, so
    // it only accepts a few bytes.
    setMaxTrailerSize(512);
  }

  @Override
  protected Processor createProcessor() {
    return new LeanProcessor(this, getAdapter());
  }

  /**
   * Never compresses a stream. After the socket is taken over from Tomcat, no code compresses the
   * bytes. So the head of the response must not announce compression.
   */
  @Override
  public boolean useCompression(Request request, Response response) {
    String type = response.getContentType();
    boolean isStream = type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
    return !isStream && super.useCompression(request, response);
  }

  /**
   * The size of a response's buffer. In addition, Tomcat has a buffer for characters that is twice
   * as large.
   */
  @Override
  public int getDesiredBufferSize() {
    return 1024;
  }
}
