package dev.waybill.product;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** Guesses which columns were perhaps meant. Only ever a hint: nothing is mapped by it. */
final class NearMatches {

  private static final int MOST = 3;
  private static final double ALIKE = 0.85;

  /** Beyond this length a header is no typing error of a field's name; bounds the work, too. */
  private static final int LONGEST = 40;

  private static final int NOT_AT_ALL = 4;

  /** What makes a name rather a sku than {@code id} or {@code handle} does. */
  private static final Pattern SKU_WITHIN =
      Pattern.compile("sku|(article|item|part|artikel)(n|code)", Pattern.CASE_INSENSITIVE);

  private NearMatches() {}

  /**
   * Columns that may stand for this field: the surest names first, then those that are sometimes
   * it, then those that are written alike.
   */
  static List<String> toField(Field field, List<String> columns) {
    String wanted = Field.loose(field.name());
    return columns.stream()
        .filter(column -> certainty(field, wanted, column) < NOT_AT_ALL)
        .sorted(
            Comparator.comparing((String column) -> certainty(field, wanted, column))
                .thenComparing(column -> -similarity(Field.loose(column), wanted)))
        .limit(MOST)
        .toList();
  }

  /** Whether a column of this name may be the field at all. */
  static boolean mayBe(Field field, String column) {
    return certainty(field, Field.loose(field.name()), column) < NOT_AT_ALL;
  }

  private static int certainty(Field field, String wanted, String column) {
    if (Synonyms.of(column).filter(meaning -> meaning.field() == field).isPresent()) {
      return 0;
    }
    String loose = Field.loose(column);
    if (field == Field.SKU && SKU_WITHIN.matcher(loose).find()) {
      return 1;
    }
    if (Synonyms.isLikely(field, column)) {
      return 2;
    }
    boolean within = loose.length() <= LONGEST && loose.contains(wanted);
    return within || isAlike(loose, wanted) ? 3 : NOT_AT_ALL;
  }

  /** Columns whose names are written almost like this one. */
  static List<String> toName(String name, List<String> columns) {
    String wanted = Field.loose(name);
    return columns.stream()
        .filter(column -> isAlike(Field.loose(column), wanted))
        .sorted(Comparator.comparing(column -> -similarity(Field.loose(column), wanted)))
        .limit(MOST)
        .toList();
  }

  private static boolean isAlike(String name, String wanted) {
    return similarity(name, wanted) >= ALIKE;
  }

  /** From 0 to 1. Swapped letters count little here, as in most typing errors. */
  private static double similarity(String name, String wanted) {
    return name.length() > LONGEST || wanted.length() > LONGEST
        ? 0
        : new JaroWinklerSimilarity().apply(name, wanted);
  }
}
