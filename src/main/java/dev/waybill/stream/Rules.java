package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one connection, which events of the watched streams are queued in the connection's
 * outbox. Not thread-safe: guarded by the lock of its {@link ClientStream}.
 */
interface Rules {

  /** The streams that the connection watches. */
  List<String> streamIds();

  /**
   * Makes these rules leave out progress events that are older than the state of the job at the
   * time when the client connected. These rules are needed in one special case: on an earlier
   * connection, the client got a snapshot that was newer than the log. The snapshot had the ID of
   * the log's last event. A replay of the events after that ID would set the client's counters
   * back.
   *
   * @param position the number of rows that the job had processed; 0 for a record
   */
  void openAt(String streamId, long position);

  /** Records that the client has seen all events of a stream up to {@code seen}. */
  void startAfter(String streamId, EventId seen);

  /** Queues an event if it is new to the client and its delivery rule allows it. */
  Outbox.Offer accept(EncodedFrame frame);

  /**
   * Does the same as {@link #accept} for events that the client missed, but without a limit,
   * because the log already limits the number of these events. If a limit closed the client because
   * it had missed too many events, the client would reconnect, miss the same events, and be closed
   * again.
   */
  void acceptUnbounded(EncodedFrame frame);

  /**
   * Queues the current state of one stream while the events of the stream cannot reach this pod.
   * The state gets the last ID that this client saw, or the ID of the last event that the state is
   * known to contain. So the client still accepts the event that follows.
   */
  Outbox.Offer refresh(String streamId, StreamState now, long nowNanos);

  /**
   * Whether the final events of all streams have been queued, so that no other event may follow.
   */
  boolean isFinished();

  /**
   * The ID of the last event that was queued, in the form in which a client would send it; null if
   * no event was queued.
   */
  @Nullable String lastEventId();

  /**
   * Makes the last bytes of a connection. Used if the events of one of its streams are numbered
   * from a lower ID again.
   *
   * @param retryMillis the delay after which the client reconnects
   */
  EncodedFrame startOver(String streamId, long retryMillis, long nowNanos);
}
