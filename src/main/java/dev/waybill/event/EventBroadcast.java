package dev.waybill.event;

import java.util.List;

/**
 * Delivers events that another part of the service has already numbered and stored, for example in
 * the database. Writes no event log. Thread-safe.
 */
public interface EventBroadcast {

  /**
   * Queues events for the emitters of this pod, and sends the events to the other pods that have
   * emitters of the stream. An emitter is the connection of a watching client. Never waits for a
   * client. If events are lost on the way to a pod, that pod notices a gap in the numbers.
   *
   * @param events the events, of one or more streams; the events of one stream are in order
   */
  void broadcast(List<StreamEvent> events);

  /**
   * The number of connections that watch a stream, on all pods that are known to have such
   * connections.
   */
  int watchers(String streamId);
}
