package dev.waybill.stream;

import dev.waybill.event.EventType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The queue of frames that wait to be sent to one client. The delivery rule of each event type
 * decides which frames are kept. Not thread-safe: guarded by the lock of its {@link ClientStream}.
 */
final class Outbox {

  /** The result of offering a frame to the outbox. */
  enum Offer {
    QUEUED,
    /**
     * The frame is queued. An older frame with the same name and key was still waiting and has been
     * removed.
     */
    REPLACED,
    /**
     * The frame is left out. Either this client does not need the frame, or the client is behind
     * and therefore gets fewer samples.
     */
    SKIPPED,
    /**
     * There is no room for the frame, but the frame must not be left out. So the client counts as
     * too slow.
     */
    OVERFLOW
  }

  /** The bytes of one write, and the number of events whose last byte is among them. */
  record Batch(byte[] bytes, int events) {}

  private final long limit;
  private final OutboxBudget budget;
  private final WireForm form;
  private final ArrayDeque<EncodedFrame> waiting = new ArrayDeque<>(4);
  private long waitingBytes;

  /**
   * The size of the batch that is being written. This size counts against the budget until the
   * write has ended.
   */
  private long leavingBytes;

  /** The number of bytes of the first frame that have already been taken for writing. */
  private int headOffset;

  /**
   * The waiting frames with latest values, by name and key. The map is created when the first such
   * frame waits, because most outboxes are idle.
   */
  private @Nullable Map<EventType, EncodedFrame> waitingLatest;

  private @Nullable EncodedFrame waitingSample;
  private @Nullable EncodedFrame waitingPong;

  /**
   * The waiting frames with states that do not count against the limit, by name and key. The map is
   * created when the first such frame waits.
   */
  private @Nullable Map<EventType, EncodedFrame> waitingStates;

  /**
   * The number of bytes of these uncounted states that are not written yet. {@link #waitingBytes}
   * includes this number.
   */
  private long stateBytes;

  /** Creates an outbox for events in the SSE format. */
  Outbox(long limit, OutboxBudget budget) {
    this(limit, budget, WireForm.SSE);
  }

  /**
   * Creates an outbox for events in the given form.
   *
   * @param limit the maximum number of bytes that may wait in this outbox
   * @param budget the limit that the outboxes of all clients share
   * @param form the form in which the frames are sent
   */
  Outbox(long limit, OutboxBudget budget, WireForm form) {
    this.limit = limit;
    this.budget = budget;
    this.form = form;
  }

  /** Queues the answer to a ping. The new answer replaces an older answer that still waits. */
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

  /** Queues the frame of an event if the delivery rule and the limits allow it. */
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

  /** Queues a frame without checking any limit. */
  void add(EncodedFrame frame) {
    budget.reserve(length(frame));
    append(frame);
  }

  private void append(EncodedFrame frame) {
    waiting.addLast(frame);
    waitingBytes += length(frame);
  }

  /**
   * Queues a latest value, and removes an older waiting value with the same name and key. The first
   * latest value in the outbox may always wait, even if there is no room. Values with other keys
   * need room. Otherwise values with many keys could fill the memory.
   */
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

  /**
   * Reserves room for a frame. If the outbox is empty, the limit of the outbox does not apply.
   * Otherwise a frame that is larger than the limit could never be delivered. The shared budget
   * always applies.
   */
  private boolean takeRoomFor(EncodedFrame frame) {
    int length = length(frame);
    return (waiting.isEmpty() || waitingBytes - stateBytes + length <= limit)
        && budget.tryReserve(length, waitingBytes + leavingBytes);
  }

  /**
   * Reserves room for a state. The first waiting state of a stream does not count against the
   * limit, because a state may be much larger than the limit. If a second state arrives while the
   * first state still waits, the second state counts against the limit. Otherwise many states could
   * fill the memory.
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

  @SuppressWarnings("ReferenceEquality") // compares the object, not its content
  private boolean isUncountedState(EncodedFrame frame) {
    return waitingStates != null
        && frame.event() != null
        && waitingStates.get(frame.event().type()) == frame;
  }

  /**
   * Subtracts the written bytes of a frame from the size of the uncounted states. Has an effect
   * only if the frame is a state that does not count against the limit.
   *
   * @param last whether these are the last bytes of the frame
   */
  private void leave(EncodedFrame frame, int bytes, boolean last) {
    if (isUncountedState(frame)) {
      stateBytes -= bytes;
      if (last && waitingStates != null && frame.event() != null) {
        waitingStates.remove(frame.event().type());
      }
    }
  }

  /**
   * Takes the next bytes to write, at most {@code maxBytes}; null if nothing waits. If a frame does
   * not fit completely, the frame is split. The next batch then starts with the rest of this frame.
   * The call also ends the previous write, as {@link #written} does.
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

  /**
   * The next batch, if the batch consists of exactly one whole frame; otherwise null. The bytes of
   * a single whole frame are not copied.
   */
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

  /** Records that the write of the last batch has ended, successfully or not. */
  void written() {
    budget.release(leavingBytes);
    leavingBytes = 0;
  }

  /** All waiting frames. May only be called before the first {@link #take}. */
  List<EncodedFrame> frames() {
    return List.copyOf(waiting);
  }

  /**
   * Records that the first bytes of a frame have been taken for writing. After that, the frame can
   * no longer be replaced.
   */
  @SuppressWarnings("ReferenceEquality") // compares the object, not its content
  private void leaves(EncodedFrame frame) {
    if (frame == waitingSample) {
      waitingSample = null;
    } else if (frame == waitingPong) {
      waitingPong = null;
    } else if (waitingLatest != null && frame.event() != null) {
      waitingLatest.remove(frame.event().type(), frame);
    }
  }

  /** Whether the oldest frame has waited longer than the given number of nanoseconds. */
  boolean hasWaitedLongerThan(long nanos, long nowNanos) {
    EncodedFrame head = waiting.peekFirst();
    return head != null && nowNanos - head.bornNanos() > nanos;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The number of bytes that wait or are being written. */
  long size() {
    return waitingBytes + leavingBytes;
  }

  /** Whether at least the given number of bytes waits. */
  boolean holds(int bytes) {
    return waitingBytes >= bytes;
  }

  /**
   * Whether the first part of a frame has been taken for writing while the rest of the frame still
   * waits.
   */
  boolean isWithinFrame() {
    return headOffset > 0;
  }

  /** Drops all waiting frames, except the unwritten rest of a frame that was partly written. */
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

  /** Drops all waiting frames. A batch that is being written still counts against the budget. */
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
