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
 * The transport {@link Transport#SOCKET}. Tomcat hands over the socket of the connection after the
 * head of the response has been written, as it does for a WebSocket. Tomcat then uses the request,
 * the response and their buffers for other connections. They are three quarters of the memory that
 * a watcher would need. Unlike with an emitter, Tomcat reports immediately when the client resets
 * the connection.
 *
 * <p>The body is chunked, as the head of the response says; each write is one chunk. Public,
 * because Tomcat creates an instance from the class.
 */
@Slf4j
public final class SocketConnection implements Connection, InternalHttpUpgradeHandler {

  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

  // The thread of the request sets these fields once, before other threads can see this connection.
  private @Nullable ClientStream client;
  private @Nullable SocketWrapperBase<?> socket;

  private Duration writeTimeout = Duration.ZERO;

  /**
   * Whether the end of the response is written or a write has failed, so that nothing may be
   * written any more. Used only by the drainer, the thread that writes to the client.
   */
  private boolean over;

  /**
   * Starts the response and makes Tomcat hand over its connection when the thread of the request
   * has finished. The client is connected at that moment. May be used only for requests that {@link
   * ChooseTransport} allows.
   *
   * @param writeTimeout how long Tomcat waits for a blocked write, counted from the previous write,
   *     before it closes the connection; longer than the time after which a client is closed as
   *     slow
   */
  static void takeOver(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpHeaders headers,
      ClientStream client,
      Duration writeTimeout)
      throws ServletException, IOException {
    // Tomcat stores each protocol name for good. It would take the name from the client's header,
    // so a fixed name is set here.
    response.setHeader(HttpHeaders.UPGRADE, "waybill");
    SocketConnection connection = request.upgrade(SocketConnection.class);
    response.setHeader(HttpHeaders.UPGRADE, null);
    connection.client = client;
    connection.writeTimeout = writeTimeout;
    // The upgrade has set status 101, but for the client the protocol does not change.
    response.setStatus(HttpServletResponse.SC_OK);
    headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
    response.setHeader(HttpHeaders.CONNECTION, "close");
    // Flushes now. Otherwise Tomcat would end the response with a length of zero, because the
    // response has not started.
    ChooseTransport.containerOf(response).flushBuffer();
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socket) {
    this.socket = socket;
    socket.setWriteTimeout(writeTimeout.toMillis());
    // Otherwise the socket would keep a reference to the request and all its buffers.
    socket.setAppReadBufHandler(ApplicationBufferHandler.EMPTY);
  }

  /** Connects the client. Tomcat calls this after the head of the response has been written. */
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
  public void end(Ending ending) {
    if (over) {
      return; // a part of a chunk was written, so the client would read these bytes as data
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
   * Closes the socket on one of Tomcat's threads. The thread that has handed the connection over
   * may still be using it. If the socket were closed during that time, that thread would keep it
   * for ever.
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

  /** Called when the client has sent something or has left. Data from the client is ignored. */
  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ -> read();
      case OPEN_WRITE -> SocketState.UPGRADED;
      default -> SocketState.CLOSED;
    };
  }

  /**
   * Reads and drops what the client sends. A client that closes its sending side may still read, so
   * only a failed write shows that it has left. Tomcat would report the end of the client's data
   * again and again, so this method then stops reading.
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

  /** Called when Tomcat closes the connection, possibly before the hand-over was complete. */
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

  /** Does nothing: a pod that stops has already ended its streams. */
  @Override
  public void pause() {}
}
