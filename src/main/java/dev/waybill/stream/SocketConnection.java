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
 * The transport {@link Transport#SOCKET}. Tomcat hands the socket of the connection over after the
 * head of the response has been written, in the same way as for a WebSocket. After that, Tomcat
 * reuses the request, the response and their buffers for other connections. With an emitter, these
 * objects are three quarters of the memory that a watcher needs. With this transport, Tomcat also
 * reports immediately when the client resets the connection. With an emitter, Tomcat does not
 * report a reset immediately.
 *
 * <p>The body uses chunked transfer coding, as the head of the response declares. Each write is one
 * chunk. This class is public, because Tomcat creates the instance.
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
   * Whether nothing may be written any more, because the end of the response was written or a write
   * has failed. Used only by the drainer, the thread that writes to the client.
   */
  private boolean over;

  /**
   * Starts the response and makes Tomcat hand over its connection when the thread of the request
   * has finished. At that moment, the client is connected. Only allowed for requests for which
   * {@link ChooseTransport} has chosen this transport.
   *
   * @param writeTimeout the time, counted from the previous write, after which Tomcat closes the
   *     connection because of a blocked write; longer than the time after which a client is closed
   *     as slow
   */
  static void takeOver(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpHeaders headers,
      ClientStream client,
      Duration writeTimeout)
      throws ServletException, IOException {
    // Sets a fixed protocol name. Tomcat stores each protocol name for ever, and by default takes
    // the name from the client's header. Otherwise clients could fill the memory with new names.
    response.setHeader(HttpHeaders.UPGRADE, "waybill");
    SocketConnection connection = request.upgrade(SocketConnection.class);
    response.setHeader(HttpHeaders.UPGRADE, null);
    connection.client = client;
    connection.writeTimeout = writeTimeout;
    // The method upgrade has set the status 101. For the client, the protocol does not change, so
    // the status must be 200.
    response.setStatus(HttpServletResponse.SC_OK);
    headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
    response.setHeader(HttpHeaders.CONNECTION, "close");
    // Flushes the head now. If the response had not started, Tomcat would end it with a
    // Content-Length of zero.
    ChooseTransport.containerOf(response).flushBuffer();
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socket) {
    this.socket = socket;
    socket.setWriteTimeout(writeTimeout.toMillis());
    // Without this call, the socket would keep a reference to the request and to all buffers of the
    // request.
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
      return; // only a part of a chunk was written, so the client would read an end marker as data
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
   * Closes the socket on one of Tomcat's threads. The Tomcat thread that has handed the connection
   * over may still be using the socket. If another thread closed the socket during that time, the
   * Tomcat thread would never release the socket.
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

  /** Called when the client has sent data or has left. The data is ignored. */
  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ -> read();
      case OPEN_WRITE -> SocketState.UPGRADED;
      default -> SocketState.CLOSED;
    };
  }

  /**
   * Reads and drops the data that the client sends. A client that closes its sending side may still
   * read, so only a failed write shows that the client has left. After such an end of the client's
   * data, this method stops reading, because Tomcat would report the end again and again.
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

  /**
   * Called when Tomcat closes the connection. This may happen before the socket was handed over
   * completely.
   */
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

  /** Does nothing, because a pod that is stopping has already ended its streams. */
  @Override
  public void pause() {}
}
