package dev.waybill.product;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/**
 * Guesses which columns the caller perhaps meant. The guess is only a hint for people. No column is
 * mapped because of a guess.
 */
final class NearMatches {

  private static final int MOST = 3;
  private static final double ALIKE = 0.85;

  /**
   * The maximum length of a name that is compared. A longer name is never a misspelt name of a
   * field. The limit also keeps comparisons cheap.
   */
  private static final int LONGEST = 40;

  private static final int NOT_AT_ALL = 4;

  /** Matches parts of a name that suggest a sku more strongly than {@code id} or {@code handle}. */
  private static final Pattern SKU_WITHIN =
      Pattern.compile("sku|(article|item|part|artikel)(n|code)", Pattern.CASE_INSENSITIVE);

  private NearMatches() {}

  /**
   * The columns that may be this field. Names that most probably mean the field come first. Then
   * names follow that sometimes mean the field, and then names with a similar spelling.
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

  /** Whether a column with this name could be the field. */
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
    if (field == Field.PRICE && Synonyms.isPriceInHundredths(column)) {
      return 3;
    }
    boolean within = loose.length() <= LONGEST && loose.contains(wanted);
    return within || isAlike(loose, wanted) ? 3 : NOT_AT_ALL;
  }

  /** The columns whose names have almost the same spelling as this name. */
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

  /**
   * The similarity of two names, from 0 to 1. Swapped letters lower the similarity only a little,
   * because swapped letters are typical typing errors.
   */
  private static double similarity(String name, String wanted) {
    return name.length() > LONGEST || wanted.length() > LONGEST
        ? 0
        : new JaroWinklerSimilarity().apply(name, wanted);
  }
}
