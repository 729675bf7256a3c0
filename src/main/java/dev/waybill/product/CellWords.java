package dev.waybill.product;

import java.util.Locale;
import java.util.Set;

/**
 * Recognises text in a cell that a program has written and that is not a value. Such text is a word
 * for an empty value, an error, or quoting around digits.
 */
final class CellWords {

  private static final int LONGEST = 20;

  /**
   * The texts that spreadsheets show if a formula fails, in English and in the languages in which
   * spreadsheets translate these texts.
   */
  private static final Set<String> SPREADSHEET_ERRORS =
      Set.of(
          "#N/A",
          "#REF!",
          "#NAME?",
          "#VALUE!",
          "#DIV/0!",
          "#NULL!",
          "#NUM!",
          "#SPILL!",
          "#CALC!",
          "#ERROR!",
          "#NV",
          "#BEZUG!",
          "#WERT!",
          "#ZAHL!",
          "#NOM?",
          "#VALEUR!",
          "#NOMBRE!",
          "#¿NOMBRE?",
          "#¡REF!",
          "#¡VALOR!",
          "#¡DIV/0!",
          "#VALORE!",
          "#RIF!",
          "#NOME?",
          "#VALOR!",
          "#N/D",
          "#NAAM?",
          "#WAARDE!",
          "#VERW!",
          "#ARG!",
          "#ADR!",
          "#NAZWA?");

  /**
   * The texts, in lower case, that people and programs write into a cell if they do not know the
   * value.
   */
  private static final Set<String> PLACEHOLDERS =
      Set.of(
          "n/a",
          "na",
          "n.a.",
          "-",
          "--",
          "---",
          "–",
          "—",
          "null",
          "(null)",
          "\\n",
          "nan",
          "none",
          "nil",
          "undefined",
          "unknown",
          "?",
          "tbd",
          "does not apply",
          "not applicable",
          "keine",
          "k.a.",
          "entfällt",
          "ohne",
          "no aplica",
          "aucun",
          "nicht zutreffend");

  private CellWords() {}

  /** Whether the cell contains a word that databases write for an empty value. */
  static boolean isBlankLike(String cell) {
    return switch (cell.length()) {
      case 2 -> cell.equals("\\N");
      case 4 -> cell.equals("null") || cell.equals("NULL");
      default -> false;
    };
  }

  /**
   * Whether the cell contains the error text of a spreadsheet or of another program instead of a
   * value.
   */
  static boolean isError(String cell) {
    if (cell.isEmpty() || cell.length() > LONGEST) {
      return false;
    }
    char first = cell.charAt(0);
    return first == '#'
        ? SPREADSHEET_ERRORS.contains(cell.toUpperCase(Locale.ROOT))
        : cell.length() == 3 && cell.equalsIgnoreCase("nan");
  }

  /** Whether the cell contains a placeholder, which says that there is no value. */
  static boolean isPlaceholder(String cell) {
    return cell.length() <= LONGEST && PLACEHOLDERS.contains(cell.toLowerCase(Locale.ROOT))
        || isRule(cell);
  }

  /**
   * Whether the cell is a part of the separator line that database tools print below the header.
   */
  private static boolean isRule(String cell) {
    return cell.length() > 1
        && "-=_".indexOf(cell.charAt(0)) >= 0
        && cell.chars().allMatch(c -> c == cell.charAt(0));
  }

  /**
   * Does the same as {@link #unwrapped(String)} for fields that consist of digits. For other
   * fields, keeps a leading apostrophe.
   */
  static String unwrapped(String cell, Field field) {
    return switch (field) {
      case SKU, PRICE, QUANTITY, GTIN -> unwrapped(cell);
      case NAME, DESCRIPTION, CURRENCY, CATEGORY, BRAND, IMAGE_URL ->
          !cell.isEmpty() && cell.charAt(0) == '=' ? unwrapped(cell) : cell;
    };
  }

  /**
   * The cell without the quoting that makes a spreadsheet treat digits as text. Examples of such
   * quoting are {@code ="00123"} and {@code '00123}.
   */
  static String unwrapped(String cell) {
    int length = cell.length();
    if (length >= 3 && cell.charAt(0) == '=' && cell.charAt(1) == '"') {
      return cell.charAt(length - 1) == '"' && cell.indexOf('"', 2) == length - 1
          ? cell.substring(2, length - 1).strip()
          : cell;
    }
    if (length >= 2 && (cell.charAt(0) == '\'' || cell.charAt(0) == '\u2019')) {
      return cell.charAt(length - 1) == cell.charAt(0) ? cell : cell.substring(1).strip();
    }
    return cell;
  }
}
