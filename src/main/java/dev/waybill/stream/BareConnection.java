package dev.waybill.stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.WebConnection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import lombok.extern.slf4j.Slf4j;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A watching connection of which the socket is left. Tomcat hands it over as it does for a
 * WebSocket, once the head of the response has been written: the request, the response and their
 * buffers, five sixths of what a watcher would hold, go on to serve others. Another difference to
 * an emitter: Tomcat tells at once when the client leaves.
 *
 * <p>The body is chunked, as the head has announced; each write is one chunk. Public, as Tomcat
 * makes it by its class.
 */
@Slf4j
public final class BareConnection implements Connection, InternalHttpUpgradeHandler {

  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

  // Both are set once, by the thread of the request, before others can see this connection.
  private @Nullable ClientStream client;
  private @Nullable SocketWrapperBase<?> socket;

  private Duration writeTimeout = Duration.ZERO;

  /** Of the drainer: nothing more can follow what was written last. */
  private boolean over;

  /**
   * Begins the response and has Tomcat hand over its connection once the request's thread is done
   * with it. The client is connected then.
   *
   * @param writeTimeout how long after the last write one may be stuck before Tomcat closes the
   *     connection; longer than it takes to close the client as slow
   * @return false, with nothing done, where one connection carries several responses (HTTP/2) or
   *     where the end of the response is the connection's (HTTP/1.0)
   */
  static boolean takeOver(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpHeaders headers,
      ClientStream client,
      Duration writeTimeout)
      throws ServletException, IOException {
    if (!request.getProtocol().equals("HTTP/1.1")) {
      return false;
    }
    // Tomcat keeps a record of each protocol's name for good, and would take the client's word for
    // it.
    response.setHeader(HttpHeaders.UPGRADE, "waybill");
    BareConnection connection = request.upgrade(BareConnection.class);
    response.setHeader(HttpHeaders.UPGRADE, null);
    connection.client = client;
    connection.writeTimeout = writeTimeout;
    // The upgrade has made it 101, but to the client nothing changes its protocol.
    response.setStatus(HttpServletResponse.SC_OK);
    headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
    response.setHeader(HttpHeaders.CONNECTION, "close");
    // Now, for Tomcat would end a response that has not begun with a length of zero.
    response.flushBuffer();
    return true;
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socket) {
    this.socket = socket;
    socket.setWriteTimeout(writeTimeout.toMillis());
    // Or the socket would keep the request that came by it, with all its buffers.
    socket.setAppReadBufHandler(ApplicationBufferHandler.EMPTY);
  }

  /** The head has been written. */
  @Override
  public void init(WebConnection connection) {
    if (client != null) {
      client.connected(this);
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    SocketWrapperBase<?> to = socket();
    boolean written = false;
    try {
      write(to, (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      write(to, bytes);
      write(to, LINE_END);
      to.flush(true);
      written = true;
    } finally {
      if (!written) {
        over = true;
        close(to);
      }
    }
  }

  @Override
  public void end() {
    if (over) {
      return; // behind a part of a chunk these bytes would be data
    }
    over = true;
    SocketWrapperBase<?> to = socket();
    try {
      write(to, LAST_CHUNK);
      to.flush(true);
    } catch (IOException e) {
      log.debug("A client has left before its end", e);
    } finally {
      close(to);
    }
  }

  /**
   * By a thread of Tomcat's. The one that has handed the connection over may not be done with it
   * yet, and would keep for good what had been closed meanwhile.
   */
  private static void close(SocketWrapperBase<?> socket) {
    socket.processSocket(SocketEvent.STOP, true);
  }

  private static void write(SocketWrapperBase<?> to, byte[] bytes) throws IOException {
    to.write(true, bytes, 0, bytes.length);
  }

  private SocketWrapperBase<?> socket() {
    if (socket == null) {
      throw new IllegalStateException("not handed over yet");
    }
    return socket;
  }

  /** Something has come from the client, of which nothing matters but that it is gone. */
  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ -> read();
      case OPEN_WRITE -> SocketState.UPGRADED;
      default -> SocketState.CLOSED;
    };
  }

  /**
   * A client that has no more to say may still listen, so only a failed write tells of one that
   * closes. The end of what it sends would be reported again and again: Tomcat asks no further.
   */
  private SocketState read() {
    byte[] ignored = new byte[4096];
    try {
      socket().read(false, ignored, 0, ignored.length);
      return SocketState.UPGRADED;
    } catch (EOFException e) {
      return SocketState.SUSPENDED;
    } catch (IOException e) {
      return SocketState.CLOSED;
    }
  }

  /** Tomcat closes the connection, also where it never came to the hand-over. */
  @Override
  public void destroy() {
    if (client != null) {
      client.gone();
    }
  }

  @Override
  public void timeoutAsync(long now) {}

  @Override
  public void setSslSupport(SSLSupport sslSupport) {}

  /** A stopping pod has ended its streams by itself before. */
  @Override
  public void pause() {}
}
