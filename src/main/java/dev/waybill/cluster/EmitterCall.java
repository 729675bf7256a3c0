package dev.waybill.cluster;

import dev.waybill.stream.EmitterView;
import dev.waybill.stream.Emitters;
import org.jspecify.annotations.Nullable;

/**
 * A request from one pod to another about the emitters of the other pod.
 *
 * @param callId a new ID for each call; if a call arrives twice, it is answered twice but executed
 *     once
 * @param emitterId the emitter, or null for a list
 * @param event the event to send, otherwise null
 * @param streamId for a list, only emitters of this stream; null for all
 * @param after the cursor of a list
 * @param limit the maximum number of emitters in a list
 */
record EmitterCall(
    String callId,
    Action action,
    @Nullable String emitterId,
    @Nullable WireEvent event,
    @Nullable String streamId,
    @Nullable String after,
    int limit) {

  /**
   * The maximum size of a request, in bytes. It has room for an event of the largest size with all
   * characters escaped.
   */
  static final int MOST_BYTES = 1024 * 1024;

  enum Action {
    FIND,
    SEND,
    CLOSE,
    LIST
  }

  /**
   * The answer to a request.
   *
   * @param done whether the emitter exists
   * @param view the emitter that was found, otherwise null
   * @param part one page of a list, otherwise null
   */
  record Reply(boolean done, @Nullable EmitterView view, Emitters.@Nullable Part part) {}
}
