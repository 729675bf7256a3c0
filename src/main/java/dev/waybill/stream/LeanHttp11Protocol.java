package dev.waybill.stream;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * HTTP/1.1 as Tomcat speaks it, with smaller buffers: a watching connection holds its own for as
 * long as it stays, and with Tomcat's sizes they are most of what a watcher costs. Reads and writes
 * stay large enough for files. The request's head keeps its size, for the sake of cookies.
 *
 * <p>Public, as Tomcat makes it by its name.
 */
public class LeanHttp11Protocol extends Http11NioProtocol {

  public LeanHttp11Protocol() {
    setProperty("socket.appReadBufSize", "4096");
    setProperty("socket.appWriteBufSize", "4096");
    // What a request may send behind a chunked body, which is nothing that is looked at here.
    setMaxTrailerSize(512);
  }

  /** Of a response; there is another one of twice this size for those who write characters. */
  @Override
  public int getDesiredBufferSize() {
    return 1024;
  }
}
