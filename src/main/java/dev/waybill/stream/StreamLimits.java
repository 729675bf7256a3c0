package dev.waybill.stream;

import dev.waybill.access.Caller;
import dev.waybill.platform.HeapBudget;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The limits of this pod. A limit that is not set is calculated from the size of the heap.
 *
 * @param maxEmitters the number of clients that may watch at the same time
 * @param maxPerAddress the number of these clients that may come from one address
 * @param maxPerPrincipal the number of these clients that may belong to one principal, which is the
 *     holder of a key or JWT
 * @param outboxBytes the number of bytes that may wait for all clients together
 */
record StreamLimits(int maxEmitters, int maxPerAddress, int maxPerPrincipal, long outboxBytes) {

  /**
   * The part of the heap for idle clients. This part cannot be much larger, because an import needs
   * half of a heap of 256 MB.
   */
  private static final double CLIENTS_SHARE = 0.2;

  /**
   * The part of the heap for bytes that wait for clients. In the worst case, the waiting bytes take
   * twice as much; see {@link OutboxBudget}.
   */
  private static final double OUTBOXES_SHARE = 0.0625;

  private static final int MOST_EMITTERS = 20_000;
  private static final int MOST_PER_ADDRESS = 1000;

  /**
   * @param quota a function from the maximum number of clients of the pod to the maximum number of
   *     clients of one principal
   */
  static StreamLimits of(StreamProperties properties, IntUnaryOperator quota, HeapBudget heap) {
    int maxEmitters =
        orElse(
            properties.maxEmitters(),
            heap.count(CLIENTS_SHARE, properties.transport().heapBytes(), MOST_EMITTERS));
    // By default, one address may have half of the pod's clients, but at most MOST_PER_ADDRESS, so
    // that one caller alone cannot lock out all other callers.
    int maxPerAddress =
        orElse(properties.maxPerAddress(), Math.clamp(maxEmitters / 2, 1, MOST_PER_ADDRESS));
    return new StreamLimits(
        maxEmitters, maxPerAddress, quota.applyAsInt(maxEmitters), heap.bytes(OUTBOXES_SHARE));
  }

  /** The maximum number of clients that may belong to one caller. */
  int mostOf(Caller caller) {
    return caller.isAddress() ? maxPerAddress : maxPerPrincipal;
  }

  private static int orElse(@Nullable Integer set, int derived) {
    return set == null ? derived : set;
  }
}
