package dev.waybill.cluster;

import dev.waybill.stream.EmitterView;
import dev.waybill.stream.Emitters;
import org.jspecify.annotations.Nullable;

/**
 * What one pod asks another about the emitters that the other holds.
 *
 * @param callId new for each call; a call that comes twice is answered twice and done once
 * @param emitterId null for a list
 * @param event what to send, otherwise null
 * @param streamId of which stream a list is, null for all
 * @param after the cursor of a list
 * @param limit how many a list has at most
 */
record EmitterCall(
    String callId,
    Action action,
    @Nullable String emitterId,
    @Nullable WireEvent event,
    @Nullable String streamId,
    @Nullable String after,
    int limit) {

  /** With the event of the largest size, escaped. */
  static final int MOST_BYTES = 1024 * 1024;

  enum Action {
    FIND,
    SEND,
    CLOSE,
    LIST
  }

  /**
   * The answer.
   *
   * @param done whether the emitter was there
   * @param view of one that was found, otherwise null
   * @param part of a list, otherwise null
   */
  record Reply(boolean done, @Nullable EmitterView view, Emitters.@Nullable Part part) {}
}
