package dev.waybill.stream;

import java.util.Collection;

/**
 * Learns which emitters this pod has, so that other pods forward events to this pod. Calls for one
 * emitter may arrive in any order: {@link EmitterRegistry#emittersOf} returns the current state.
 */
public interface Ownership {

  /**
   * Called when an emitter was added. Runs on the thread of the client's request; may wait for a
   * short time.
   */
  void claim(Collection<String> streamIds, String emitterId);

  /**
   * Called when an emitter was removed. The caller may hold any lock, so this method must return
   * immediately.
   */
  void release(Collection<String> streamIds, String emitterId);
}
