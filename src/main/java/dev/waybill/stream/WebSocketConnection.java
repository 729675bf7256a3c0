package dev.waybill.stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
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
 * The transport {@link Transport#WEBSOCKET}. As with {@link SocketConnection}, Tomcat only hands
 * over the socket of the connection. The client's drainer writes to the socket, with the same
 * outbox and the same limits as for an SSE stream. No WebSocket library is used, because a library
 * would add buffers, threads and a second outbox.
 *
 * <p>This class is public, because Tomcat creates the instance.
 */
@Slf4j
public final class WebSocketConnection
    implements Connection, InternalHttpUpgradeHandler, WebSocketInput.Listener {

  static final int NORMAL = 1000;
  static final int INTERNAL_ERROR = 1011;
  static final int TRY_AGAIN_LATER = 1013;
  static final int EXPIRED = 4401;

  /**
   * The close code for a client that has seen the end of the stream and need not reconnect. An SSE
   * client gets status 204 instead.
   */
  static final int ALREADY_ENDED = 4204;

  /** The time that the client has to answer the close frame. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** The maximum number of reads from one connection before other connections are served. */
  private static final int MOST_READS = 64;

  private final WebSocketInput input = new WebSocketInput(this);

  // The thread of the request sets these fields once, before other threads can see this connection.
  private @Nullable ClientStream client;
  private @Nullable SocketWrapperBase<?> socket;
  private @Nullable Drainers drainers;
  private Duration writeTimeout = Duration.ZERO;

  /** The only frame that a refused client gets; null for all other clients. */
  private byte @Nullable [] refusal;

  /**
   * The close code that the client's input requires. If the value is 0, the input requires no code,
   * and the reason of the end determines the code. The reading thread sets this field before it
   * ends the client.
   */
  private volatile int closeWith;

  private volatile boolean closedByClient;
  private volatile boolean closeSent;

  /**
   * Whether nothing may be written any more, because the last frame was written or a write has
   * failed. Used only by the drainer, the thread that writes to the client.
   */
  private boolean over;

  /** Serves a client. The client is connected as soon as the thread of the request has finished. */
  static void takeOver(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpHeaders headers,
      ClientStream client,
      Duration writeTimeout,
      Drainers drainers)
      throws ServletException, IOException {
    WebSocketConnection connection = upgrade(request, response, headers, drainers);
    connection.client = client;
    connection.writeTimeout = writeTimeout;
    ChooseTransport.containerOf(response).flushBuffer();
  }

  /**
   * Refuses a client: opens the WebSocket and immediately closes it with a code. A web page cannot
   * read the HTTP status of a refused WebSocket, but it can read the close code.
   */
  static void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      int code,
      String reason,
      Duration writeTimeout,
      Drainers drainers)
      throws ServletException, IOException {
    WebSocketConnection connection = upgrade(request, response, new HttpHeaders(), drainers);
    connection.refusal = WebSocketFrames.close(code, reason);
    connection.writeTimeout = writeTimeout;
    ChooseTransport.containerOf(response).flushBuffer();
  }

  private static WebSocketConnection upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpHeaders headers,
      Drainers drainers)
      throws ServletException, IOException {
    WebSocketHandshake handshake = WebSocketHandshake.of(request);
    response.setHeader(HttpHeaders.UPGRADE, WebSocketHandshake.PROTOCOL);
    response.setHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    response.setHeader("Sec-WebSocket-Accept", handshake.accept());
    headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    WebSocketConnection connection = request.upgrade(WebSocketConnection.class);
    connection.drainers = drainers;
    return connection;
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socket) {
    this.socket = socket;
    socket.setWriteTimeout(writeTimeout.toMillis());
    // Without this call, the socket would keep a reference to the request and to all buffers of the
    // request.
    socket.setAppReadBufHandler(ApplicationBufferHandler.EMPTY);
  }

  /**
   * Connects or refuses the client. Tomcat calls this after the head of the response has been
   * written.
   */
  @Override
  public void init(WebConnection connection) {
    if (client != null) {
      client.connected(this);
    } else if (refusal != null) {
      close(refusal);
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    boolean written = false;
    try {
      send(bytes);
      written = true;
    } finally {
      if (!written) {
        over = true;
        drop();
      }
    }
  }

  @Override
  public void end(Ending ending) {
    if (over) {
      return;
    }
    over = true;
    if (ending.withinFrame()) {
      drop(); // only a part of a frame was written, so the client would read a close frame as data
      return;
    }
    int code = closeWith == 0 ? codeOf(ending.reason()) : closeWith;
    close(WebSocketFrames.close(code, reason(code, ending.retryMillis())));
  }

  /**
   * The reason text of a close frame. For the code {@link #TRY_AGAIN_LATER}, it contains the delay
   * after which the client must reconnect, like {@code retry:} in an SSE stream. For all other
   * codes, it is empty.
   */
  static String reason(int code, long retryMillis) {
    return code == TRY_AGAIN_LATER ? "retry=" + retryMillis : "";
  }

  private static int codeOf(EndReason why) {
    return switch (why) {
      case FINISHED, CLOSED, LEFT, BROKE_PROTOCOL -> NORMAL;
      case EXPIRED -> EXPIRED;
      case FAILED -> INTERNAL_ERROR;
      case SLOW, SHUTDOWN, GAP, RESTARTED, OVERTAKEN -> TRY_AGAIN_LATER;
    };
  }

  /**
   * Sends the close frame. The connection ends when the client answers, or after a short time
   * without an answer. If the client has already sent its close frame, the connection ends
   * immediately.
   */
  private void close(byte[] frame) {
    try {
      send(frame);
    } catch (IOException e) {
      log.debug("A client has left before its end", e);
      drop();
      return;
    }
    closeSent = true;
    if (closedByClient || drainers == null) {
      drop();
    } else {
      drainers.startIn(LINGER.toNanos(), this::drop);
    }
  }

  /**
   * Closes the socket on one of Tomcat's threads, because the Tomcat thread that has handed the
   * connection over may still be using the socket. {@link SocketConnection} does the same.
   */
  private void drop() {
    socket().processSocket(SocketEvent.STOP, true);
  }

  private void send(byte[] bytes) throws IOException {
    SocketWrapperBase<?> to = socket();
    to.write(true, bytes, 0, bytes.length);
    to.flush(true);
  }

  private SocketWrapperBase<?> socket() {
    if (socket == null) {
      throw new IllegalStateException("not handed over yet");
    }
    return socket;
  }

  /** Called when the client has sent something or has left. */
  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ -> read();
      case OPEN_WRITE -> SocketState.UPGRADED;
      default -> SocketState.CLOSED;
    };
  }

  private SocketState read() {
    byte[] bytes = new byte[4096];
    try {
      for (int i = 0; i < MOST_READS; i++) {
        int count = socket().read(false, bytes, 0, bytes.length);
        if (count < 0) {
          return SocketState.CLOSED;
        }
        if (count == 0) {
          break;
        }
        input.take(bytes, count);
      }
    } catch (IOException e) {
      return SocketState.CLOSED; // a client that has closed its sending side cannot answer pings
    }
    if (client != null) {
      client.heard();
    }
    return closedByClient && closeSent ? SocketState.CLOSED : SocketState.UPGRADED;
  }

  @Override
  public void ping(byte[] payload) {
    if (client != null) {
      client.answerPing(payload);
    }
  }

  @Override
  public void close(int code, boolean byClient) {
    closedByClient = byClient;
    closeWith = code == WebSocketInput.NO_STATUS ? NORMAL : code;
    if (client != null) {
      boolean inOrder = byClient && code != WebSocketInput.PROTOCOL_ERROR;
      client.endAtOnce(inOrder ? EndReason.LEFT : EndReason.BROKE_PROTOCOL);
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
