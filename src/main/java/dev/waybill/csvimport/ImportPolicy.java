package dev.waybill.csvimport;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The treatment of rejected rows in an import, and the choice of the rows that are imported.
 *
 * @param maxErrors the number of rejected rows that are tolerated; null to use the default of
 *     {@code onError}
 */
public record ImportPolicy(OnError onError, @Nullable Long maxErrors, Mode mode) {

  public static final ImportPolicy USUAL = new ImportPolicy(OnError.SKIP, null, Mode.UPSERT);

  /** The treatment of an import in which rows are rejected. */
  public enum OnError {
    /** The accepted rows are imported. By default, any number of rejected rows is tolerated. */
    SKIP,
    /**
     * The job ends, but the rows before the rejected row stay imported. By default, no rejected row
     * is tolerated.
     */
    STOP,
    /** All rows are checked first. If too many rows are rejected, no row is imported. */
    REJECT_ALL
  }

  /** The choice of the rows that are imported. */
  public enum Mode {
    UPSERT,
    /** Only rows whose sku is not in the catalogue are imported. */
    CREATE,
    /** Only rows whose sku is in the catalogue are imported. */
    UPDATE
  }

  /** The number of rejected rows that are tolerated. */
  public long tolerated() {
    if (maxErrors != null) {
      return maxErrors;
    }
    return onError == OnError.SKIP ? Long.MAX_VALUE : 0;
  }

  /** Whether all rows are checked before the first row is imported. */
  public boolean checksFirst() {
    return onError == OnError.REJECT_ALL;
  }

  /** The name of this choice in the API. */
  public static String wireName(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The choice with this name in the API. */
  public static <E extends Enum<E>> Optional<E> named(Class<E> choices, String name) {
    return Arrays.stream(choices.getEnumConstants())
        .filter(choice -> wireName(choice).equals(name))
        .findFirst();
  }

  /** The names of all choices, for use in a sentence. */
  public static <E extends Enum<E>> String names(Class<E> choices) {
    return Arrays.stream(choices.getEnumConstants())
        .map(ImportPolicy::wireName)
        .collect(Collectors.joining(", "));
  }
}
