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
   * Leaves out progress behind the state that the job had when the client connected. On an earlier
   * connection the client may have seen a snapshot that was ahead of the log, under the ID of the
   * log's end. A replay after that ID would move the counters back.
   *
   * @param position in rows
   */
  void openAt(String streamId, long position);

  /** The client has seen all events of a stream up to this one. */
  void startAfter(String streamId, EventId seen);

  /** Queues an event if it is new to the client and its rule allows. */
  Outbox.Offer accept(EncodedFrame frame);

  /**
   * As {@link #accept}, for what the client missed. The log bounds it. It must not count as too
   * much: a client that was closed for what it missed would come back for the same again.
   */
  void acceptUnbounded(EncodedFrame frame);

  /**
   * Queues the current state of one stream while its events cannot come. It has the ID that this
   * client saw last, so that the next event still finds its place.
   */
  Outbox.Offer refresh(String streamId, StreamState now, long nowNanos);

  /** Whether the final events are in the outbox, so that nothing may follow. */
  boolean isFinished();

  /** The ID of the last event that was queued, as a client would send it; null before the first. */
  @Nullable String lastEventId();

  /**
   * The last bytes of a connection one of whose streams is numbered from a lower ID again.
   *
   * @param retryMillis when the client comes back
   */
  EncodedFrame startOver(String streamId, long retryMillis, long nowNanos);
}
