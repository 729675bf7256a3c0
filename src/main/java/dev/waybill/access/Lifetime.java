package dev.waybill.access;

/**
 * Reports whether a credential has ended. Thread-safe. {@link #hasEnded} must be cheap, because it
 * is called every second for each stream.
 */
@FunctionalInterface
public interface Lifetime {

  /** A lifetime that never ends. Used for requests without a credential. */
  Lifetime ENDLESS = () -> false;

  /** Whether the credential has expired or was revoked. */
  boolean hasEnded();
}
