package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamState;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one client which events enter its outbox: each event once, in the order of the IDs,
 * and no state behind one that the client has seen. Not thread-safe: guarded by the lock of its
 * {@link ClientStream}.
 */
final class DeliveryRules {

  private final Outbox outbox;
  private final StreamMetrics metrics;
  private @Nullable EventId lastId;
  private long openedAt = -1;
  private long shownPosition = -1;
  private boolean finished;

  DeliveryRules(Outbox outbox, StreamMetrics metrics) {
    this.outbox = outbox;
    this.metrics = metrics;
  }

  /**
   * Leaves out progress behind the state that the job had when the client connected. On an earlier
   * connection the client may have seen a snapshot that was ahead of the log, under the ID of the
   * log's end. A replay after that ID would move the counters back.
   *
   * @param position in rows
   */
  void openAt(long position) {
    openedAt = position;
  }

  /** The client has seen all events up to this one. */
  void startAfter(EventId seen) {
    lastId = seen;
  }

  /** Whether the final event is in the outbox, so that nothing may follow. */
  boolean isFinished() {
    return finished;
  }

  /** Queues an event if it is new to the client and its rule allows. */
  Outbox.Offer accept(EncodedFrame frame) {
    EncodedFrame.Header event = frame.event();
    if (event == null || finished) {
      return Outbox.Offer.SKIPPED;
    }
    // The final event ends the stream even for a client that claimed to have seen a higher ID.
    if (lastId != null && !event.id().isAfter(lastId) && !event.type().isFinal()) {
      return Outbox.Offer.SKIPPED; // came twice, from the log and live
    }
    if (isOutOfDate(event)) {
      metrics.dropped();
      lastId = event.id(); // an event that this pod learns late still has a lower ID
      return Outbox.Offer.SKIPPED;
    }
    Outbox.Offer offer = outbox.offer(frame, event.type());
    switch (offer) {
      case REPLACED -> metrics.replaced();
      case SKIPPED -> metrics.dropped();
      case QUEUED, OVERFLOW -> {}
    }
    lastId = event.id();
    if (event.isState()) {
      shownPosition = event.position();
    }
    finished = event.type().isFinal();
    return offer;
  }

  /**
   * Does the same as {@link #accept} for an event that the client missed, but never refuses it as
   * too much. The log bounds these events. A client that was closed because of them would come back
   * for the same ones.
   */
  void acceptUnbounded(EncodedFrame frame) {
    if (accept(frame) == Outbox.Offer.OVERFLOW) {
      outbox.add(frame);
    }
  }

  /**
   * Queues the current state while events cannot come. It has the ID that this client saw last, so
   * that the next event still finds its place.
   */
  Outbox.Offer refresh(String streamId, StreamState now, long nowNanos) {
    if (lastId == null || finished || now.position() < shownPosition) {
      return Outbox.Offer.SKIPPED;
    }
    EventId shown = lastId;
    if (now.covered() != null) {
      if (!now.covered().isAfter(lastId)) {
        return Outbox.Offer.SKIPPED;
      }
      shown = now.covered();
      lastId = shown;
    }
    shownPosition = now.position();
    return outbox.offer(EncodedFrame.of(now.asEvent(streamId, shown), nowNanos), now.type());
  }

  private boolean isOutOfDate(EncodedFrame.Header event) {
    return event.isState() && event.position() < shownPosition
        || event.type().delivery() == Delivery.LATEST && event.position() < openedAt;
  }
}
