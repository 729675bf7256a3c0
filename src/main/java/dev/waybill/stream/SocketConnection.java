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
 * The transport {@link Transport#SOCKET}: only the socket of a connection is left. Tomcat hands it
 * over as it does for a WebSocket, once the head of the response has been written. The request, the
 * response and their buffers, five sixths of what a watcher would hold, serve other connections.
 * Unlike with an emitter, Tomcat reports at once when the client resets.
 *
 * <p>The body is chunked, as the head has announced; each write is one chunk. Public, because
 * Tomcat creates it by its class.
 */
@Slf4j
public final class SocketConnection implements Connection, InternalHttpUpgradeHandler {

  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

  // The request's thread sets both once, before other threads can see this connection.
  private @Nullable ClientStream client;
  private @Nullable SocketWrapperBase<?> socket;

  private Duration writeTimeout = Duration.ZERO;

  /** Written only by the drainer: nothing more can follow what was written last. */
  private boolean over;

  /**
   * Starts the response and has Tomcat hand over its connection when the request's thread is done.
   * The client is connected then. Only for requests that {@link ChooseTransport} allows.
   *
   * @param writeTimeout how long after the last write a blocked one may take before Tomcat closes
   *     the connection; longer than it takes to close the client as slow
   */
  static void takeOver(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpHeaders headers,
      ClientStream client,
      Duration writeTimeout)
      throws ServletException, IOException {
    // Tomcat keeps a record of each protocol's name for good, and would take it from the client.
    response.setHeader(HttpHeaders.UPGRADE, "waybill");
    SocketConnection connection = request.upgrade(SocketConnection.class);
    response.setHeader(HttpHeaders.UPGRADE, null);
    connection.client = client;
    connection.writeTimeout = writeTimeout;
    // The upgrade has set status 101, but the protocol stays the same for the client.
    response.setStatus(HttpServletResponse.SC_OK);
    headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
    response.setHeader(HttpHeaders.CONNECTION, "close");
    // Now, because Tomcat would end a response that has not started with a length of zero.
    ChooseTransport.containerOf(response).flushBuffer();
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socket) {
    this.socket = socket;
    socket.setWriteTimeout(writeTimeout.toMillis());
    // Otherwise the socket would keep the request that came by it, with all its buffers.
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
  public void end(Ending ending) {
    if (over) {
      return; // after a part of a chunk these bytes would be data
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
   * Closes on a thread of Tomcat. The thread that has handed the connection over may not be done
   * with it yet. If the socket were closed meanwhile, that thread would keep it for ever.
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

  /** The client has sent something or has left. What it sends is ignored. */
  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ -> read();
      case OPEN_WRITE -> SocketState.UPGRADED;
      default -> SocketState.CLOSED;
    };
  }

  /**
   * A client that closes its sending side may still listen, so only a failed write shows that it
   * has left. Tomcat would report the end of its data again and again, so it stops reading.
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

  /** Tomcat closes the connection, possibly before the hand-over was complete. */
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

  /** A pod that stops has ended its streams before. */
  @Override
  public void pause() {}
}
