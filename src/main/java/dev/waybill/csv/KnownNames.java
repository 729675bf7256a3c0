package dev.waybill.csv;

import org.jspecify.annotations.Nullable;

/** The column names that mean something to the application. */
@FunctionalInterface
public interface KnownNames {

  /** What a stripped header cell means: equal for two names of one field; null if unknown. */
  @Nullable Object fieldOf(String name);
}
