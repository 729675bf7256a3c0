package dev.waybill.cluster;

import dev.waybill.stream.EmitterView;
import dev.waybill.stream.Emitters;
import org.jspecify.annotations.Nullable;

/**
 * A request from one pod to another about the emitters of the other pod.
 *
 * @param callId a new ID for each call. A call that arrives twice is answered twice, but executed
 *     only one time
 * @param emitterId the emitter, or null for a list
 * @param event the event to send to the emitter; null for a call that sends no event
 * @param streamId for a list, only emitters of this stream; null for all
 * @param after the cursor of a list
 * @param limit the maximum number of emitters that a list returns
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
   * The maximum size of a request, in bytes. A request of this size has room for the largest event,
   * even if all characters of the event are escaped.
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
   * @param view the emitter that was found; null if the call was not a search or found no emitter
   * @param part one page of a list; null if the call did not request a list
   */
  record Reply(boolean done, @Nullable EmitterView view, Emitters.@Nullable Part part) {}
}
