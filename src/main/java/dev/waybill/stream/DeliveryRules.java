package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one stream. The client gets each event at most once, in the order of the IDs. The
 * client never gets a state that is older than a state that it has already seen.
 */
final class DeliveryRules implements Rules {

  private final String streamId;
  private final Outbox outbox;
  private final StreamMetrics metrics;

  /** Converts the frame of an event into the frame that this connection gets. */
  private final UnaryOperator<EncodedFrame> encoding;

  private @Nullable EventId lastId;
  private long openedAt = -1;
  private long shownPosition = -1;
  private boolean finished;

  DeliveryRules(String streamId, Outbox outbox, StreamMetrics metrics) {
    this(streamId, outbox, metrics, UnaryOperator.identity());
  }

  DeliveryRules(
      String streamId, Outbox outbox, StreamMetrics metrics, UnaryOperator<EncodedFrame> encoding) {
    this.streamId = streamId;
    this.outbox = outbox;
    this.metrics = metrics;
    this.encoding = encoding;
  }

  @Override
  public List<String> streamIds() {
    return List.of(streamId);
  }

  @Override
  public void openAt(String streamId, long position) {
    openedAt = position;
  }

  @Override
  public void startAfter(String streamId, EventId seen) {
    lastId = seen;
  }

  @Override
  public boolean isFinished() {
    return finished;
  }

  /**
   * Sets whether the client has got the final event of an epoch (a period of the stream; for a job,
   * one attempt). {@code false} means that the next epoch has started.
   */
  void finished(boolean finished) {
    this.finished = finished;
  }

  @Override
  public @Nullable String lastEventId() {
    return lastId == null ? null : lastId.toString();
  }

  /** Makes the last frame of the connection. This frame makes the client forget its last ID. */
  @Override
  public EncodedFrame startOver(String streamId, long retryMillis, long nowNanos) {
    return EncodedFrame.forgetId(retryMillis, nowNanos);
  }

  @Override
  public Outbox.Offer accept(EncodedFrame frame) {
    return accept(frame, true);
  }

  @Override
  public void acceptUnbounded(EncodedFrame frame) {
    accept(frame, false);
  }

  private Outbox.Offer accept(EncodedFrame frame, boolean bounded) {
    EncodedFrame.Header event = frame.event();
    if (event == null || finished) {
      return Outbox.Offer.SKIPPED;
    }
    // The final event ends the stream even for a client that claimed to have seen a higher ID.
    if (lastId != null && !event.id().isAfter(lastId) && !event.type().isFinal()) {
      return Outbox.Offer.SKIPPED; // the event arrived twice: from the log and live
    }
    if (isOutOfDate(event)) {
      metrics.dropped();
      lastId = event.id(); // so that an event with a lower ID that still arrives is skipped
      return Outbox.Offer.SKIPPED;
    }
    EncodedFrame own = encoding.apply(frame);
    Outbox.Offer offer = outbox.offer(own, Objects.requireNonNull(own.event()).type());
    switch (offer) {
      case REPLACED -> metrics.replaced();
      case SKIPPED -> metrics.dropped();
      case OVERFLOW -> {
        if (!bounded) {
          outbox.add(own);
        }
      }
      case QUEUED -> {}
    }
    lastId = event.id();
    if (event.isState()) {
      shownPosition = event.position();
    }
    finished = event.type().isFinal();
    return offer;
  }

  @Override
  public Outbox.Offer refresh(String streamId, StreamState now, long nowNanos) {
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
    StreamEvent state = now.asEvent(streamId, shown);
    EncodedFrame own = encoding.apply(EncodedFrame.of(state, nowNanos).from(state));
    return outbox.offer(own, Objects.requireNonNull(own.event()).type());
  }

  private boolean isOutOfDate(EncodedFrame.Header event) {
    return event.isState() && event.position() < shownPosition
        || event.type().delivery() == Delivery.LATEST && event.position() < openedAt;
  }
}
