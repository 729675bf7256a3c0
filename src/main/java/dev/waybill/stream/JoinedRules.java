package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules of a connection for several streams. Each event names the stream to which it belongs.
 * The ID of an event joins the positions in all streams, so one ID is enough to resume all streams.
 * A position never decreases.
 */
final class JoinedRules implements Rules {

  /** The separator between two positions; no position contains it. */
  static final String SEPARATOR = "_";

  /**
   * The placeholder for the position in a stream that starts with a snapshot. The placeholder is
   * used until the snapshot has been sent.
   */
  static final String NO_POSITION = "-";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final WireForm form;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  /** One of the streams, with the name that the client used. */
  private final class Part {

    final String name;
    final DeliveryRules rules;
    @Nullable EventId position;

    Part(NamedStream stream, Outbox outbox, StreamMetrics metrics) {
      this.name = stream.name();
      this.rules = new DeliveryRules(stream.id(), outbox, metrics, this::encode);
    }

    private EncodedFrame encode(EncodedFrame frame) {
      StreamEvent event = Objects.requireNonNull(frame.source());
      moveTo(event.id());
      String data = event.extras().text() ? JSON.writeValueAsString(event.data()) : event.data();
      // The name needs no escaping, because a stream name never contains a character that JSON
      // escapes.
      String wrapped = "{\"stream\":\"" + name + "\",\"data\":" + data + "}";
      return EncodedFrame.joined(form, event, joinedId(), wrapped, frame.bornNanos());
    }

    private void moveTo(EventId id) {
      if (position == null || id.isAfter(position)) {
        position = id;
      }
    }
  }

  JoinedRules(List<NamedStream> streams, Outbox outbox, WireForm form, StreamMetrics metrics) {
    this.form = form;
    streams.forEach(stream -> parts.put(stream.id(), new Part(stream, outbox, metrics)));
  }

  /**
   * Sets the position after which the client gets the events of a stream.
   *
   * @param position null if the client first gets a snapshot
   */
  void startAt(String streamId, @Nullable EventId position) {
    part(streamId).position = position;
  }

  /** Records that the client has seen the final event of a stream. */
  void alreadyEnded(String streamId, EventId seen) {
    Part part = part(streamId);
    part.position = seen;
    part.rules.startAfter(streamId, seen);
    part.rules.finished(true);
  }

  /** The positions in all streams, in the order in which the client named them. */
  String joinedId() {
    return parts.values().stream()
        .map(part -> part.position == null ? NO_POSITION : part.position.toString())
        .collect(Collectors.joining(SEPARATOR));
  }

  @Override
  public List<String> streamIds() {
    return List.copyOf(parts.keySet());
  }

  @Override
  public void openAt(String streamId, long position) {
    part(streamId).rules.openAt(streamId, position);
  }

  @Override
  public void startAfter(String streamId, EventId seen) {
    part(streamId).rules.startAfter(streamId, seen);
  }

  @Override
  public Outbox.Offer accept(EncodedFrame frame) {
    return opened(frame).accept(frame);
  }

  @Override
  public void acceptUnbounded(EncodedFrame frame) {
    opened(frame).acceptUnbounded(frame);
  }

  /**
   * The rules of the stream to which the event belongs. If the event starts a new epoch, this
   * method also marks the stream as no longer finished.
   */
  private DeliveryRules opened(EncodedFrame frame) {
    StreamEvent event = Objects.requireNonNull(frame.source());
    Part part = part(event.streamId());
    EventId position = part.position;
    if (position != null && event.id().epoch() > position.epoch()) {
      part.rules.finished(false);
    }
    return part.rules;
  }

  @Override
  public Outbox.Offer refresh(String streamId, StreamState now, long nowNanos) {
    return part(streamId).rules.refresh(streamId, now, nowNanos);
  }

  /** Whether all streams have ended. The end of one stream does not end the other streams. */
  @Override
  public boolean isFinished() {
    return parts.values().stream().allMatch(part -> part.rules.isFinished());
  }

  @Override
  public String lastEventId() {
    return joinedId();
  }

  /**
   * Makes the last frame of the connection. The frame contains the positions in the other streams,
   * so that the client keeps them.
   */
  @Override
  public EncodedFrame startOver(String streamId, long retryMillis, long nowNanos) {
    part(streamId).position = null;
    return EncodedFrame.comeBack(joinedId(), retryMillis, nowNanos);
  }

  private Part part(String streamId) {
    return Objects.requireNonNull(parts.get(streamId));
  }
}
