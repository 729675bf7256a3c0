package dev.waybill.storage;

import org.jspecify.annotations.Nullable;

/** The database cannot be used, and the operator has to do something about it. */
public final class DatabaseUnusableException extends RuntimeException {

  private final String action;

  DatabaseUnusableException(String message, String action, @Nullable Throwable cause) {
    super(message, cause);
    this.action = action;
  }

  String action() {
    return action;
  }
}
