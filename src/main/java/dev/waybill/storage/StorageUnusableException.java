package dev.waybill.storage;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at the start if the data folder or the database cannot be used, so that the operator must
 * act.
 */
final class StorageUnusableException extends RuntimeException {

  private final String action;

  StorageUnusableException(String message, String action, @Nullable Throwable cause) {
    super(message, cause);
    this.action = action;
  }

  String action() {
    return action;
  }
}
