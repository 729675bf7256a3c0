package dev.waybill.stream;

import java.util.Collection;

/**
 * Gets a call for each emitter that is added or removed on this pod, so that other pods can forward
 * events to this pod. An emitter is the connection of one watching client. Calls for one emitter
 * may arrive in any order. So an implementation must use {@link EmitterRegistry#emittersOf}, which
 * returns the current state.
 */
public interface Ownership {

  /**
   * Called when an emitter was added. Runs on the thread of the client's request and can block for
   * a short time.
   */
  void claim(Collection<String> streamIds, String emitterId);

  /**
   * Called when an emitter was removed. The caller may hold any lock, so this method must return
   * immediately.
   */
  void release(Collection<String> streamIds, String emitterId);
}
