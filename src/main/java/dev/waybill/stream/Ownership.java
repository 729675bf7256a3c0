package dev.waybill.stream;

/**
 * Told which emitters this pod holds, so that events that are published elsewhere find their way
 * here. What it is told may cross: {@link EmitterRegistry#emittersOf} says how it is now.
 */
public interface Ownership {

  /** An emitter has been taken in. On the connecting request's thread; may wait shortly. */
  void claim(String streamId, String emitterId);

  /** An emitter has been let go. Under any lock: must return at once. */
  void release(String streamId, String emitterId);
}
