package dev.waybill.product;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks cells by the rules of their field and reads their values. */
final class CellCheck {

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_TOLD = 60;

  private static final Pattern DECIMAL_ZEROS = Pattern.compile("\\.0{1,4}$");
  private static final Pattern SCIENTIFIC = Pattern.compile("[0-9]([.,][0-9]+)?[eE]\\+?[0-9]+");

  private CellCheck() {}

  /**
   * The reason why a cell is not accepted: a stable code, and a sentence for the person in the
   * shop.
   */
  record Fault(String code, String detail) {}

  /**
   * The result of reading a cell.
   *
   * @param value the value in canonical form, so that equal values have equal texts; null if the
   *     cell is blank
   * @param fault the reason why the cell is not accepted; null if the cell is accepted
   * @param currency the currency that is written beside a number; null if no currency is written
   * @param more the addresses of further images, one on each line; null if there are no further
   *     images
   */
  record Reading(
      @Nullable String value,
      @Nullable Fault fault,
      @Nullable String currency,
      @Nullable String more) {

    static final Reading BLANK = new Reading(null, null, null, null);

    static Reading of(String value) {
      return new Reading(value, null, null, null);
    }

    static Reading bad(Fault fault) {
      return new Reading(null, fault, null, null);
    }
  }

  /**
   * Reads simple cells fast, because most cells are simple. Returns the canonical value, or null if
   * {@link #read} must read the cell.
   *
   * @param cell without surrounding white space, not empty
   */
  static @Nullable String plain(Field field, String cell, ReadingRules rules) {
    return switch (field) {
      case SKU -> Sku.isPlain(cell) ? cell : null;
      case NAME -> isPlainText(cell) && cell.length() <= LONGEST_NAME ? cell : null;
      case DESCRIPTION, CATEGORY, BRAND -> isPlainText(cell) ? cell : null;
      case PRICE -> Numbers.plainPrice(cell, rules.price());
      case QUANTITY -> Numbers.plainQuantity(cell);
      case CURRENCY -> CurrencyNames.isCode(cell) ? cell : null;
      case GTIN -> Gtin.is(cell) && Gtin.hasCheckDigit(cell) ? cell : null;
      case IMAGE_URL -> ImageAddresses.isSingle(cell) ? cell : null;
    };
  }

  private static boolean isPlainText(String cell) {
    char first = cell.charAt(0);
    return cell.length() > 4 && first != '#' && first != '=';
  }

  /**
   * Reads any cell.
   *
   * @param cell without surrounding white space
   */
  static Reading read(Field field, String cell, ReadingRules rules) {
    if (field == Field.SKU) {
      return sku(cell, rules);
    }
    String text = rules.literal() ? cell : CellWords.unwrapped(cell, field);
    boolean blank = text.isEmpty() || !rules.literal() && isBlank(field, text);
    if (field == Field.NAME) {
      return name(blank ? "" : text, rules);
    }
    if (blank) {
      return Reading.BLANK;
    }
    if (!rules.literal() && CellWords.isError(text)) {
      return Reading.bad(error(field.code(), text));
    }
    return switch (field) {
      case PRICE -> Numbers.price(text, rules.price());
      case QUANTITY -> Numbers.quantity(text, rules.quantity());
      case CURRENCY -> currency(text);
      case GTIN -> gtin(text);
      case IMAGE_URL -> ImageAddresses.read(text);
      case SKU, NAME, DESCRIPTION, CATEGORY, BRAND -> Reading.of(text);
    };
  }

  /**
   * Makes the fault of a cell that contains a spreadsheet error, such as {@code #REF!}, instead of
   * a value.
   */
  static Fault error(String code, String cell) {
    return new Fault(
        code,
        "The cell is %s, which a program writes in place of a value. Correct the cell, or leave it blank."
            .formatted(quoted(cell)));
  }

  private static boolean isBlank(Field field, String cell) {
    return CellWords.isBlankLike(cell) || field == Field.GTIN && CellWords.isPlaceholder(cell);
  }

  private static Reading name(String cell, ReadingRules rules) {
    if (cell.isEmpty()) {
      return rules.keepBlank()
          ? Reading.BLANK
          : Reading.bad(new Fault("name-missing", "The name is blank; every product needs one."));
    }
    if (!rules.literal() && CellWords.isError(cell)) {
      return Reading.bad(error("name-missing", cell));
    }
    Fault tooLong = tooLong(cell, LONGEST_NAME, Field.NAME);
    return tooLong == null ? Reading.of(cell) : Reading.bad(tooLong);
  }

  private static Reading sku(String cell, ReadingRules rules) {
    String stripped = Sku.stripped(cell);
    String sku = rules.literal() ? stripped : Sku.stripped(CellWords.unwrapped(stripped));
    if (sku.isEmpty()) {
      return Reading.bad(
          new Fault("sku-missing", "The sku is blank; every product needs one of its own."));
    }
    Fault fault = rules.literal() ? null : damaged(sku);
    if (fault == null) {
      int invisible = Sku.firstInvisible(sku);
      fault =
          invisible < 0
              ? tooLong(sku, Sku.MAX_LENGTH, Field.SKU)
              : new Fault(
                  "sku-damaged",
                  "The sku has the invisible character %s, which nobody sees. Type the sku again."
                      .formatted(Sku.nameOf(sku.codePointAt(invisible))));
    }
    return fault == null ? Reading.of(Sku.normalized(sku)) : Reading.bad(fault);
  }

  private static @Nullable Fault damaged(String sku) {
    if (sku.indexOf('+') > 0 && SCIENTIFIC.matcher(sku).matches()) {
      return new Fault(
          "sku-damaged",
          "%s is a number that a spreadsheet has shortened; its last digits are lost. Format the column as text and export the file again."
              .formatted(quoted(sku)));
    }
    String made = DamagedSku.by(sku);
    if (made != null) {
      return new Fault(
          "sku-damaged",
          "%s is %s and no sku. Format the column as text and type the sku again."
              .formatted(quoted(sku), made));
    }
    if (CellWords.isError(sku)) {
      return new Fault(
          "sku-damaged",
          "%s is an error of a spreadsheet and no sku. Correct the cell.".formatted(quoted(sku)));
    }
    return CellWords.isPlaceholder(sku)
        ? new Fault(
            "sku-damaged",
            "%s says that there is no sku; every product needs one of its own."
                .formatted(quoted(sku)))
        : null;
  }

  private static @Nullable Fault tooLong(String cell, int longest, Field field) {
    // The limit counts code points. A text never has more code points than chars. So this code
    // counts the code points only if the text has too many chars.
    if (cell.length() <= longest || cell.codePointCount(0, cell.length()) <= longest) {
      return null;
    }
    return new Fault(
        field.column() + "-length",
        "The %s has %d characters; at most %d are allowed."
            .formatted(field.column(), cell.codePointCount(0, cell.length()), longest));
  }

  private static Reading currency(String cell) {
    String code = CurrencyNames.code(cell);
    return code != null
        ? Reading.of(code)
        : Reading.bad(
            new Fault(
                "currency",
                CurrencyNames.isKnown(cell)
                    ? "%s is the sign of several currencies. Write a code of ISO 4217, such as EUR."
                        .formatted(quoted(cell))
                    : "%s is not a currency. Write a code of ISO 4217, such as EUR."
                        .formatted(quoted(cell))));
  }

  private static Reading gtin(String cell) {
    String digits = gtinDigits(cell);
    if (Gtin.is(digits)) {
      return Reading.of(digits);
    }
    boolean isDigits = Numbers.isDigits(digits, 0, digits.length());
    String found =
        isDigits
            ? "The gtin has %d digits".formatted(digits.length())
            : "%s is not a gtin".formatted(quoted(cell));
    String hint =
        SCIENTIFIC.matcher(cell).matches()
            ? " A spreadsheet seems to have shortened it: format the column as text."
            : "";
    return Reading.bad(new Fault("gtin", found + ". A gtin has 8, 12, 13 or 14 digits." + hint));
  }

  /**
   * The cell without hyphens, without blanks, and without the decimal places that a spreadsheet
   * adds.
   */
  private static String gtinDigits(String cell) {
    StringBuilder digits = new StringBuilder(cell.length());
    String stripped = CellWords.unwrapped(Sku.stripped(cell));
    DECIMAL_ZEROS
        .matcher(stripped)
        .replaceFirst("")
        .codePoints()
        .filter(c -> c != '-' && !Character.isSpaceChar(c) && !Invisible.is(c))
        .forEach(digits::appendCodePoint);
    return digits.toString();
  }

  static String quoted(String cell) {
    return "“" + RowError.cut(cell, LONGEST_TOLD) + "”";
  }
}
