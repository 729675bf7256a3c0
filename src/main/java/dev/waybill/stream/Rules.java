package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one connection which events of its streams enter its outbox. Not thread-safe: guarded
 * by the lock of its {@link ClientStream}.
 */
interface Rules {

  /** The streams that the connection watches. */
  List<String> streamIds();

  /**
   * Leaves out progress that is older than the state that the job had when the client connected. On
   * an earlier connection, the client may have seen a snapshot that was newer than the log but had
   * the ID of the log's end. A replay after that ID would set the client's counters back.
   *
   * @param position how many rows the job had processed; 0 for a record
   */
  void openAt(String streamId, long position);

  /** Records that the client has seen all events of a stream up to this one. */
  void startAfter(String streamId, EventId seen);

  /** Queues an event if it is new to the client and its delivery rule allows it. */
  Outbox.Offer accept(EncodedFrame frame);

  /**
   * Does the same as {@link #accept} for events that the client missed, but without a limit,
   * because the log already limits them. If a client were closed because it missed too much, it
   * would reconnect and miss the same events again.
   */
  void acceptUnbounded(EncodedFrame frame);

  /**
   * Queues the current state of one stream while its events cannot arrive. The state gets the ID
   * that this client saw last, or the ID of the last event that the state is known to contain. So
   * the client accepts the next event after it.
   */
  Outbox.Offer refresh(String streamId, StreamState now, long nowNanos);

  /**
   * Whether the final event of every stream is in the outbox, so that no other event may follow.
   */
  boolean isFinished();

  /**
   * The ID of the event that was queued last, as a client would send it; null if there was none.
   */
  @Nullable String lastEventId();

  /**
   * The last bytes of a connection if the events of one of its streams are numbered from a lower ID
   * again.
   *
   * @param retryMillis the delay after which the client reconnects
   */
  EncodedFrame startOver(String streamId, long retryMillis, long nowNanos);
}
