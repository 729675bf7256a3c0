package dev.waybill.product;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds skus that a spreadsheet or a script has changed by mistake. */
final class DamagedSku {

  private static final Set<String> BOOLEANS =
      Set.of(
          "true",
          "false",
          "wahr",
          "falsch",
          "vrai",
          "faux",
          "verdadero",
          "falso",
          "vero",
          "waar",
          "onwaar",
          "prawda",
          "fałsz",
          "verdadeiro");

  /**
   * A day and a month, in the form into which a spreadsheet converts the inputs 3-3 and MAR3. The
   * pattern is case-sensitive, because a person has written MAR-03 in upper case.
   */
  private static final Pattern DAY_OF_MONTH =
      Pattern.compile(
          "[0-9]{1,2}[-."
              + " ]{1,2}(?:Jan|Feb|Mar|Mrz|Mär|Apr|May|Mai|Jun|Jul|Aug|Sep|Sept|Oct|Okt|Nov|Dec|Dez)\\.?"
              + "|(?:Jan|Feb|Mar|Mrz|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez)-[0-9]{2}");

  private static final Pattern SUSPECT =
      Pattern.compile(
          "[0-9]+\\.0"
              + "|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?: 00:00:00)?"
              + "|[0-3]?[0-9][./][0-3]?[0-9][./](?:19|20)[0-9]{2}");

  private static final int LONGEST = 19;

  private DamagedSku() {}

  /**
   * Returns a description of a text that is not a sku, as a part of a sentence. Returns null if the
   * text may be a sku.
   */
  static @Nullable String by(String sku) {
    if (sku.length() > 1 && sku.charAt(0) == '=') {
      return "a formula of a spreadsheet";
    }
    if (sku.length() > LONGEST) {
      return null;
    }
    if (BOOLEANS.contains(sku.toLowerCase(Locale.ROOT))) {
      return "a truth value of a spreadsheet";
    }
    return DAY_OF_MONTH.matcher(sku).matches() ? "a date that a spreadsheet made" : null;
  }

  /**
   * Whether the sku looks like a value that a program has changed. Such a sku may still be correct.
   */
  static boolean isSuspect(String sku) {
    return sku.length() <= LONGEST && maySuspect(sku) && SUSPECT.matcher(sku).matches();
  }

  /**
   * A quick test that is made before {@link #isSuspect}. If this test returns false, as it does for
   * nearly all skus, {@link #isSuspect} is false, too.
   */
  static boolean maySuspect(String sku) {
    int length = sku.length();
    if (length < 3 || sku.charAt(0) < '0' || sku.charAt(0) > '9') {
      return false;
    }
    return sku.charAt(length - 2) == '.'
        || length >= 5 && (isMark(sku.charAt(length - 5)) || isMark(sku.charAt(length - 3)));
  }

  private static boolean isMark(char c) {
    return c == '.' || c == '/' || c == '-' || c == ':';
  }
}
