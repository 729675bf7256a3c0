package dev.waybill.csv;

import org.jspecify.annotations.Nullable;

/** The column names that the application knows. */
@FunctionalInterface
public interface KnownNames {

  /**
   * The field that a stripped header cell means; null if the name is unknown. Two names of one
   * field give equal results.
   */
  @Nullable Object fieldOf(String name);
}
