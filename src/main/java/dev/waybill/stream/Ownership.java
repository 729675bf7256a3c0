package dev.waybill.stream;

import java.util.Collection;

/**
 * Learns which emitters this pod has, so that other pods forward events to this pod. Calls for one
 * emitter may arrive in any order: {@link EmitterRegistry#emittersOf} returns the current state.
 */
public interface Ownership {

  /**
   * Handles a new emitter. Runs on the thread of the client's request; may wait for a short time.
   */
  void claim(Collection<String> streamIds, String emitterId);

  /**
   * Handles the removal of an emitter. The caller may hold any lock, so this method must return
   * immediately.
   */
  void release(Collection<String> streamIds, String emitterId);
}
