package dev.waybill.event;

import java.util.List;

/**
 * Delivers events whose order and durability another part ensures, such as the database. No log is
 * written. Thread-safe.
 */
public interface EventBroadcast {

  /**
   * Hands events to the emitters of this pod and sends them to the pods that hold others. Never
   * waits for a watcher. What gets lost shows to the receiver as a gap in the numbers.
   *
   * @param events of any streams; those of one stream in order
   */
  void broadcast(List<StreamEvent> events);

  /** How many watch a stream, over all pods as far as they are known. */
  int watchers(String streamId);
}
