package dev.waybill.http;

import dev.waybill.access.Caller;
import dev.waybill.platform.HeapBudget;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's endpoint with limits for connections that wait for their client. Tomcat restarts its
 * timeout with each byte. So without these limits, a client that sends one byte every three seconds
 * can keep an unfinished request head for ever. In a test, 8,000 such connections exhausted a heap
 * of 256 MB.
 *
 * <ul>
 *   <li>The head of a request must be complete 10 s after its first byte.
 *   <li>The number of unfinished heads is limited, in total and for each caller.
 *   <li>When nearly all connections are in use, the connections that have waited longest for their
 *       client are closed. Otherwise a client that opens connections and sends nothing could use
 *       all connections, and new clients would wait for minutes.
 * </ul>
 */
@Slf4j
public class BoundedEndpoint extends NioEndpoint {

  /** The maximum time from the first byte of a request head to its end. */
  static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);

  /**
   * The share of the heap for connections that serve no request. A connection without a request
   * takes {@link #CONNECTION_BYTES}.
   */
  private static final double CONNECTIONS_SHARE = 0.15;

  private static final int CONNECTION_BYTES = 10 * 1024;
  private static final int MOST_CONNECTIONS = 22_000;

  /**
   * The share of the heap for unfinished request heads. An unfinished head takes {@link
   * #HEAD_BYTES}, which is the size of a request with its buffers.
   */
  private static final double HEADS_SHARE = 0.05;

  private static final int HEAD_BYTES = 40 * 1024;
  private static final int MOST_HEADS = 2_000;

  private static final long SWEEP_MILLIS = 250;

  /**
   * The time for which a connection may wait for its client before it can be closed to make room.
   * Without this time, a new connection could be closed immediately: if all connections of an
   * attacker serve requests, the new connection is the connection that has waited longest. This
   * time does not apply when 49 of 50 connections are in use.
   */
  private static final Duration FIRST_BYTE = Duration.ofMillis(500);

  private final WaitingConnections<SocketWrapperBase<NioChannel>> waiting;
  private @Nullable ScheduledExecutorService sweeper;

  public BoundedEndpoint() {
    int heads = maxHeads(HeapBudget.ofThisProcess());
    waiting = new WaitingConnections<>(heads, Math.max(1, heads / 2), SocketWrapperBase::isClosed);
  }

  /** The number of connections that fit into the heap, 1 to 22,000. */
  public static int maxConnections(HeapBudget heap) {
    return heap.count(CONNECTIONS_SHARE, CONNECTION_BYTES, MOST_CONNECTIONS);
  }

  /**
   * The number of unfinished request heads that fit into the heap, 1 to 2,000. One caller may have
   * half of these heads.
   */
  public static int maxHeads(HeapBudget heap) {
    return heap.count(HEADS_SHARE, HEAD_BYTES, MOST_HEADS);
  }

  @Override
  public void startInternal() throws Exception {
    super.startInternal();
    sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-connections").factory());
    sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stopInternal() {
    if (sweeper != null) {
      sweeper.shutdownNow();
      sweeper = null;
    }
    super.stopInternal();
  }

  @Override
  public void setHandler(Handler<NioChannel> handler) {
    super.setHandler(new WatchWaiting(handler));
  }

  /** Registers a connection that Tomcat has accepted. */
  @Override
  protected boolean setSocketOptions(SocketChannel socket) {
    boolean kept = super.setSocketOptions(socket);
    SocketWrapperBase<NioChannel> connection = connections.get(socket);
    if (kept && connection != null) {
      // Does not wait for the lock of the connection, because this thread accepts all connections.
      // If another thread holds the lock, that thread already serves the first request.
      if (connection.getLock().tryLock()) {
        try {
          if (connection.getCurrentProcessor() == null) {
            waiting.awaitRequest(connection, System.nanoTime());
          }
        } finally {
          connection.getLock().unlock();
        }
      }
      if (excess() > 0) {
        sweep();
      }
    }
    return kept;
  }

  private void sweep() {
    try {
      long now = System.nanoTime();
      boolean full = getConnectionCount() >= getMaxConnections() * 49L / 50;
      long waitingBefore = full ? now : now - FIRST_BYTE.toNanos();
      waiting
          .close(now - HEAD_TIMEOUT.toNanos(), excess(), waitingBefore)
          .forEach(connection -> processSocket(connection, SocketEvent.STOP, true));
    } catch (RuntimeException e) {
      // Catches the exception, because an exception that leaves this method would end all further
      // checks.
      log.error("Could not close connections that wait too long", e);
    }
  }

  /**
   * The number of connections above nine tenths of the limit. The result is negative if there are
   * fewer connections than nine tenths of the limit.
   */
  private int excess() {
    return (int) (getConnectionCount() - getMaxConnections() * 9L / 10);
  }

  /**
   * Updates {@link #waiting}, the connections that wait for their client, before and after Tomcat's
   * own handler runs.
   */
  private final class WatchWaiting implements Handler<NioChannel> {

    private final Handler<NioChannel> target;

    WatchWaiting(Handler<NioChannel> target) {
      this.target = target;
    }

    /**
     * Handles an event of a connection. Runs while this thread holds the lock of the connection.
     */
    @Override
    public SocketState process(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
      if (event == SocketEvent.STOP) {
        switch (waiting.confirmClosing(connection)) {
          case CLOSE -> {
            return SocketState.CLOSED;
          }
          case KEEP -> {
            return SocketState.OPEN; // with this state, the endpoint does nothing
          }
          case NOT_PICKED -> {}
        }
      }
      long since = waiting.arrived(connection, System.nanoTime());
      SocketState state = target.process(connection, event);
      if (state == SocketState.OPEN) {
        waiting.awaitRequest(connection, System.nanoTime());
      } else if (state == SocketState.LONG && isReadingHead(connection)) {
        String caller = Caller.ofAddress(connection.getRemoteAddr()).id();
        return waiting.awaitHead(connection, caller, since) ? state : SocketState.CLOSED;
      }
      return state;
    }

    private static boolean isReadingHead(SocketWrapperBase<NioChannel> connection) {
      return connection.getCurrentProcessor() instanceof Processor processor
          && !processor.isAsync()
          && !processor.isUpgrade();
    }

    @Override
    public void release(SocketWrapperBase<NioChannel> connection) {
      waiting.closed(connection);
      target.release(connection);
    }

    @Override
    public Object getGlobal() {
      return target.getGlobal();
    }

    @Override
    public void pause() {
      target.pause();
    }

    @Override
    public void recycle() {
      target.recycle();
    }
  }
}
