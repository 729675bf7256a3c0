package dev.waybill.stream;

import dev.waybill.access.Caller;
import dev.waybill.platform.HeapBudget;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The limits of this pod. A limit that is not set is calculated from the size of the heap.
 *
 * @param maxEmitters how many clients may watch at the same time
 * @param maxPerAddress how many of these clients may come from one address
 * @param maxPerPrincipal how many of these clients may belong to one principal, the holder of a key
 *     or JWT
 * @param outboxBytes how many bytes may wait for all clients together
 */
record StreamLimits(int maxEmitters, int maxPerAddress, int maxPerPrincipal, long outboxBytes) {

  /** The part of the heap for idle clients. The import needs half of a heap of 256 MB. */
  private static final double CLIENTS_SHARE = 0.2;

  /**
   * The part of the heap for bytes that wait for clients. In the worst case these bytes take twice
   * this part.
   */
  private static final double OUTBOXES_SHARE = 0.0625;

  private static final int MOST_EMITTERS = 20_000;
  private static final int MOST_PER_ADDRESS = 1000;

  /**
   * @param quota returns how many clients one principal may watch with, for the number of clients
   *     that the pod serves
   */
  static StreamLimits of(StreamProperties properties, IntUnaryOperator quota, HeapBudget heap) {
    int maxEmitters =
        orElse(
            properties.maxEmitters(),
            heap.count(CLIENTS_SHARE, properties.transport().heapBytes(), MOST_EMITTERS));
    // Half of the clients, so that one caller alone cannot lock out all others.
    int maxPerAddress =
        orElse(properties.maxPerAddress(), Math.clamp(maxEmitters / 2, 1, MOST_PER_ADDRESS));
    return new StreamLimits(
        maxEmitters, maxPerAddress, quota.applyAsInt(maxEmitters), heap.bytes(OUTBOXES_SHARE));
  }

  /** How many of the clients may belong to one caller. */
  int mostOf(Caller caller) {
    return caller.isAddress() ? maxPerAddress : maxPerPrincipal;
  }

  private static int orElse(@Nullable Integer set, int derived) {
    return set == null ? derived : set;
  }
}
