package dev.waybill.stream;

import dev.waybill.event.EventType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frames that wait for one client, by the delivery rule of each type. Not thread-safe: guarded
 * by the lock of its {@link ClientStream}.
 */
final class Outbox {

  /** What happened to an offered frame. */
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
  private final OutboxBudget budget;
  private final WireForm form;
  private final ArrayDeque<EncodedFrame> waiting = new ArrayDeque<>(4);
  private long waitingBytes;

  /** The size of the batch that is being written; it stays in the budget until then. */
  private long leavingBytes;

  /** How many bytes of the first frame have already left. */
  private int headOffset;

  /** By name and key. Created when the first one waits, because most outboxes are idle. */
  private @Nullable Map<EventType, EncodedFrame> waitingLatest;

  private @Nullable EncodedFrame waitingSample;
  private @Nullable EncodedFrame waitingPong;

  /**
   * By name and key, the states that the limit does not count. Created when the first one waits.
   */
  private @Nullable Map<EventType, EncodedFrame> waitingStates;

  /** What is left of these states, in bytes. It is part of {@link #waitingBytes}. */
  private long stateBytes;

  /** For events as SSE has them. */
  Outbox(long limit, OutboxBudget budget) {
    this(limit, budget, WireForm.SSE);
  }

  /**
   * @param limit bytes that may wait here
   * @param budget what the outboxes of all clients share
   * @param form in which the frames leave
   */
  Outbox(long limit, OutboxBudget budget, WireForm form) {
    this.limit = limit;
    this.budget = budget;
    this.form = form;
  }

  /** Queues the answer to a ping in the place of one that still waits. */
  void addPong(EncodedFrame pong) {
    if (waitingPong != null && waiting.removeLastOccurrence(waitingPong)) {
      waitingBytes -= length(waitingPong);
      budget.release(length(waitingPong));
    }
    add(pong);
    waitingPong = pong;
  }

  private int length(EncodedFrame frame) {
    return frame.bytes(form).length;
  }

  /** Queues an event's frame if its rule and the room allow. */
  Offer offer(EncodedFrame frame, EventType type) {
    return switch (type.delivery()) {
      case LATEST -> replaceLatest(frame, type);
      case SAMPLE -> {
        if (waitingSample != null || !takeRoomFor(frame)) {
          yield Offer.SKIPPED;
        }
        append(frame);
        waitingSample = frame;
        yield Offer.QUEUED;
      }
      case STATE -> {
        if (!takeRoomForState(frame, type)) {
          yield Offer.OVERFLOW;
        }
        append(frame);
        yield Offer.QUEUED;
      }
      case EACH -> {
        if (!takeRoomFor(frame)) {
          yield Offer.OVERFLOW;
        }
        append(frame);
        yield Offer.QUEUED;
      }
      case LAST -> {
        add(frame);
        yield Offer.QUEUED;
      }
    };
  }

  /** Queues a frame, regardless of what waits. */
  void add(EncodedFrame frame) {
    budget.reserve(length(frame));
    append(frame);
  }

  private void append(EncodedFrame frame) {
    waiting.addLast(frame);
    waitingBytes += length(frame);
  }

  /** One value may wait without room for it. More need room, or many keys could pile up. */
  private Offer replaceLatest(EncodedFrame frame, EventType type) {
    Map<EventType, EncodedFrame> latest = waitingLatest;
    if (latest == null) {
      latest = new HashMap<>(2);
      waitingLatest = latest;
    }
    EncodedFrame older = latest.get(type);
    if (older != null) {
      waiting.removeLastOccurrence(older);
      waitingBytes -= length(older);
      budget.release(length(older));
      add(frame);
    } else if (latest.isEmpty()) {
      add(frame);
    } else if (takeRoomFor(frame)) {
      append(frame);
    } else {
      return Offer.OVERFLOW;
    }
    latest.put(type, frame);
    return older == null ? Offer.QUEUED : Offer.REPLACED;
  }

  /** An empty outbox takes a frame of any size. Otherwise a large one could never be delivered. */
  private boolean takeRoomFor(EncodedFrame frame) {
    int length = length(frame);
    return (waiting.isEmpty() || waitingBytes - stateBytes + length <= limit)
        && budget.tryReserve(length, waitingBytes + leavingBytes);
  }

  /**
   * The limit does not count the state of a stream, which may be much larger. It counts a second
   * one that comes while the first still waits, or states could pile up.
   */
  private boolean takeRoomForState(EncodedFrame frame, EventType type) {
    Map<EventType, EncodedFrame> states = waitingStates;
    if (states == null) {
      states = new HashMap<>(2);
      waitingStates = states;
    }
    if (states.containsKey(type)) {
      return takeRoomFor(frame);
    }
    int length = length(frame);
    if (!budget.tryReserve(length, waitingBytes + leavingBytes)) {
      return false;
    }
    states.put(type, frame);
    stateBytes += length;
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // this very frame, not one that says the same
  private boolean isUncountedState(EncodedFrame frame) {
    return waitingStates != null
        && frame.event() != null
        && waitingStates.get(frame.event().type()) == frame;
  }

  /** Bytes of a frame leave, the last ones or others. */
  private void leave(EncodedFrame frame, int bytes, boolean last) {
    if (isUncountedState(frame)) {
      stateBytes -= bytes;
      if (last && waitingStates != null && frame.event() != null) {
        waitingStates.remove(frame.event().type());
      }
    }
  }

  /**
   * The next bytes to write, at most so many, or null if nothing waits. A frame may be cut: the
   * rest comes first in the next batch. Ends the write before, as {@link #written} does.
   */
  @Nullable Batch take(int maxBytes) {
    written();
    EncodedFrame head = waiting.peekFirst();
    if (head == null) {
      return null;
    }
    Batch batch = headAlone(head, maxBytes);
    if (batch == null) {
      batch = join(head, maxBytes);
    }
    waitingBytes -= batch.bytes().length;
    leavingBytes = batch.bytes().length;
    return batch;
  }

  /** One frame needs no copy. */
  private @Nullable Batch headAlone(EncodedFrame head, int maxBytes) {
    if (waiting.size() > 1 || headOffset > 0 || length(head) > maxBytes) {
      return null;
    }
    leaves(head);
    leave(head, length(head), true);
    waiting.removeFirst();
    return new Batch(head.bytes(form), head.event() == null ? 0 : 1);
  }

  private Batch join(EncodedFrame first, int maxBytes) {
    ByteArrayOutputStream joined =
        new ByteArrayOutputStream((int) Math.min(maxBytes, waitingBytes));
    int events = 0;
    EncodedFrame head = first;
    while (head != null && joined.size() < maxBytes) {
      leaves(head);
      int length = Math.min(length(head) - headOffset, maxBytes - joined.size());
      joined.write(head.bytes(form), headOffset, length);
      headOffset += length;
      leave(head, length, headOffset == length(head));
      if (headOffset == length(head)) {
        waiting.removeFirst();
        headOffset = 0;
        events += head.event() == null ? 0 : 1;
        head = waiting.peekFirst();
      }
    }
    return new Batch(joined.toByteArray(), events);
  }

  /** The write of the last batch has ended, one way or the other. */
  void written() {
    budget.release(leavingBytes);
    leavingBytes = 0;
  }

  /** All frames that wait; for use before the first {@link #take}. */
  List<EncodedFrame> frames() {
    return List.copyOf(waiting);
  }

  /** A frame of which a part has left can no longer be replaced. */
  @SuppressWarnings("ReferenceEquality") // this very frame, not one that says the same
  private void leaves(EncodedFrame frame) {
    if (frame == waitingSample) {
      waitingSample = null;
    } else if (frame == waitingPong) {
      waitingPong = null;
    } else if (waitingLatest != null && frame.event() != null) {
      waitingLatest.remove(frame.event().type(), frame);
    }
  }

  /** Whether the oldest frame has waited longer than so many nanoseconds. */
  boolean hasWaitedLongerThan(long nanos, long nowNanos) {
    EncodedFrame head = waiting.peekFirst();
    return head != null && nowNanos - head.bornNanos() > nanos;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The bytes that wait or are being written. */
  long size() {
    return waitingBytes + leavingBytes;
  }

  /** Whether at least so many bytes wait. */
  boolean holds(int bytes) {
    return waitingBytes >= bytes;
  }

  /** Whether a part of a frame has left, and the rest waits. */
  boolean isWithinFrame() {
    return headOffset > 0;
  }

  /** Drops what waits, but for the rest of a frame of which a part has left. */
  void keepStarted() {
    EncodedFrame started = headOffset > 0 ? waiting.peekFirst() : null;
    int offset = headOffset;
    clear();
    if (started != null) {
      headOffset = offset;
      int left = length(started) - offset;
      waiting.addLast(started);
      waitingBytes = left;
      budget.reserve(left);
    }
  }

  /** Drops what waits. A batch that is being written stays in the budget. */
  void clear() {
    budget.release(waitingBytes);
    waiting.clear();
    waitingBytes = 0;
    headOffset = 0;
    waitingLatest = null;
    waitingSample = null;
    waitingStates = null;
    stateBytes = 0;
    waitingPong = null;
  }
}
