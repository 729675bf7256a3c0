package dev.waybill.stream;

import dev.waybill.event.EventType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frames that wait for one client, by the delivery rules of each type. Not thread-safe: guarded
 * by the lock of its {@link ClientStream}.
 */
final class Outbox {

  /** What became of an offered frame. */
  enum Offer {
    QUEUED,
    /** Queued, and an older value of the same name and key that still waited was removed. */
    REPLACED,
    /** Left out, because this client is behind, or not yet live. */
    SKIPPED,
    /** There is no room, and the frame must not be lost: the client is too slow. */
    OVERFLOW
  }

  /** Bytes for one write, and how many events end in it. */
  record Batch(byte[] bytes, int events) {}

  private final long limit;
  private final ArrayDeque<Frame> waiting = new ArrayDeque<>(4);
  private long waitingBytes;

  /** How much of the first frame has left already. */
  private int headOffset;

  /** By name and key; made when the first one waits, for most outboxes are idle. */
  private @Nullable Map<EventType, Frame> waitingLatest;

  private @Nullable Frame waitingSample;

  Outbox(long limit) {
    this.limit = limit;
  }

  /** Queues an event's frame if its rule and the room allow. */
  Offer offer(Frame frame, EventType type) {
    return switch (type.delivery()) {
      case LATEST -> replaceLatest(frame, type);
      case SAMPLE -> {
        if (waitingSample != null || !hasRoomFor(frame)) {
          yield Offer.SKIPPED;
        }
        add(frame);
        waitingSample = frame;
        yield Offer.QUEUED;
      }
      case EACH, STATE -> {
        if (!hasRoomFor(frame)) {
          yield Offer.OVERFLOW;
        }
        add(frame);
        yield Offer.QUEUED;
      }
      case LAST -> {
        add(frame);
        yield Offer.QUEUED;
      }
    };
  }

  /** Queues a frame whatever waits. */
  void add(Frame frame) {
    waiting.addLast(frame);
    waitingBytes += frame.bytes().length;
  }

  /** One value may wait without room for it. More need room, or many keys could pile up. */
  private Offer replaceLatest(Frame frame, EventType type) {
    Map<EventType, Frame> latest = waitingLatest;
    if (latest == null) {
      latest = new HashMap<>(2);
      waitingLatest = latest;
    }
    Frame older = latest.get(type);
    if (older == null && !latest.isEmpty() && !hasRoomFor(frame)) {
      return Offer.OVERFLOW;
    }
    if (older != null) {
      waiting.removeLastOccurrence(older);
      waitingBytes -= older.bytes().length;
    }
    add(frame);
    latest.put(type, frame);
    return older == null ? Offer.QUEUED : Offer.REPLACED;
  }

  /** Into an empty outbox goes a frame of any size, or a large one could never be delivered. */
  private boolean hasRoomFor(Frame frame) {
    return waiting.isEmpty() || waitingBytes + frame.bytes().length <= limit;
  }

  /**
   * The next bytes to write, at most so many, or null where nothing waits. A frame may be cut: the
   * rest comes first in the next batch.
   */
  @Nullable Batch take(int maxBytes) {
    Frame head = waiting.peekFirst();
    if (head == null) {
      return null;
    }
    if (waiting.size() == 1 && headOffset == 0 && head.bytes().length <= maxBytes) {
      leaves(head);
      waiting.removeFirst();
      waitingBytes = 0;
      return new Batch(head.bytes(), head.event() == null ? 0 : 1);
    }
    ByteArrayOutputStream joined =
        new ByteArrayOutputStream((int) Math.min(maxBytes, waitingBytes));
    int events = 0;
    while (head != null && joined.size() < maxBytes) {
      leaves(head);
      int length = Math.min(head.bytes().length - headOffset, maxBytes - joined.size());
      joined.write(head.bytes(), headOffset, length);
      headOffset += length;
      waitingBytes -= length;
      if (headOffset == head.bytes().length) {
        waiting.removeFirst();
        headOffset = 0;
        events += head.event() == null ? 0 : 1;
        head = waiting.peekFirst();
      }
    }
    return new Batch(joined.toByteArray(), events);
  }

  /** All that waits, where nothing has left yet. */
  List<Frame> frames() {
    return List.copyOf(waiting);
  }

  /** A frame of which a part has left can no longer be replaced. */
  @SuppressWarnings("ReferenceEquality") // this very frame, not one that says the same
  private void leaves(Frame frame) {
    if (frame == waitingSample) {
      waitingSample = null;
    } else if (waitingLatest != null && frame.event() != null) {
      waitingLatest.remove(frame.event().type(), frame);
    }
  }

  /** Whether the oldest frame has waited longer than so many nanoseconds. */
  boolean hasWaitedLongerThan(long nanos, long nowNanos) {
    Frame head = waiting.peekFirst();
    return head != null && nowNanos - head.bornNanos() > nanos;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether at least so many bytes wait. */
  boolean holds(int bytes) {
    return waitingBytes >= bytes;
  }

  void clear() {
    waiting.clear();
    waitingBytes = 0;
    headOffset = 0;
    waitingLatest = null;
    waitingSample = null;
  }
}
