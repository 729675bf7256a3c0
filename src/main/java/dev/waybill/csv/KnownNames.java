package dev.waybill.csv;

import org.jspecify.annotations.Nullable;

/** The column names that the application knows. */
@FunctionalInterface
public interface KnownNames {

  /**
   * The field that a header cell without surrounding white space means; null if the name is
   * unknown. The results for two names of one field are equal.
   */
  @Nullable Object fieldOf(String name);
}
