package dev.waybill.access;

/** Whether a credential still counts. Thread-safe and cheap: asked every second for each stream. */
@FunctionalInterface
public interface Lifetime {

  /** For requests without a credential. */
  Lifetime ENDLESS = () -> false;

  /** Whether the credential has expired or was revoked. */
  boolean hasEnded();
}
