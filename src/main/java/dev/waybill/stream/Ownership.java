package dev.waybill.stream;

import java.util.Collection;

/**
 * Learns which emitters this pod holds, so that other pods forward their events here. Calls for one
 * emitter may arrive in any order: {@link EmitterRegistry#emittersOf} returns the current state.
 */
public interface Ownership {

  /** An emitter was added. Runs on the thread of its request; may wait for a short time. */
  void claim(Collection<String> streamIds, String emitterId);

  /** An emitter was removed. May run under any lock, so it must return at once. */
  void release(Collection<String> streamIds, String emitterId);
}
