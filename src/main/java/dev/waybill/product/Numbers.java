package dev.waybill.product;

import dev.waybill.product.CellCheck.Fault;
import dev.waybill.product.CellCheck.Reading;
import dev.waybill.product.NumberFormat.Decimal;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads prices and quantities in the format of their column. */
final class Numbers {

  private static final int MOST_PRICE_DIGITS = 15;
  private static final int MOST_PRICE_PLACES = 4;

  /** The number of digits up to which a number always fits into a quantity. */
  private static final int FEW_DIGITS = 9;

  private Numbers() {}

  /**
   * The canonical price, if the cell consists of digits and at most one point, and if the value is
   * certain in the column's format; otherwise null.
   */
  static @Nullable String plainPrice(String cell, NumberFormat format) {
    int length = cell.length();
    int point = -1;
    for (int i = 0; i < length; i++) {
      char c = cell.charAt(i);
      if (c == '.' && point < 0) {
        point = i;
      } else if (c < '0' || c > '9') {
        return null;
      }
    }
    int digits = point < 0 ? length : point;
    int places = point < 0 ? 0 : length - point - 1;
    if (digits == 0
        || digits > MOST_PRICE_DIGITS
        || places > MOST_PRICE_PLACES
        || point >= 0 && places == 0) {
      return null;
    }
    boolean sure =
        point < 0
            || format.isPlainPoint()
            || format.decimal() != Decimal.COMMA && (places != 3 || digits > 3);
    return sure ? NumberText.withoutOuterZeros(cell) : null;
  }

  /** The canonical quantity if the cell has only digits; otherwise null. */
  static @Nullable String plainQuantity(String cell) {
    int length = cell.length();
    return length <= FEW_DIGITS && isDigits(cell, 0, length)
        ? NumberText.withoutOuterZeros(cell)
        : null;
  }

  static Reading price(String cell, NumberFormat format) {
    NumberText text = NumberText.of(cell);
    if (text.currency() != null && !CurrencyNames.isKnown(text.currency())) {
      return Reading.bad(noPrice(cell, format));
    }
    if (isUndecided(text, format)) {
      return Reading.bad(undecided(cell, text, format));
    }
    String value = value(text, format);
    if (value == null || value.startsWith("-")) {
      return Reading.bad(noPrice(cell, format));
    }
    int point = value.indexOf('.');
    int digits = point < 0 ? value.length() : point;
    int places = point < 0 ? 0 : value.length() - point - 1;
    if (digits > MOST_PRICE_DIGITS) {
      return Reading.bad(
          new Fault(
              "price",
              "The price has %d digits before the point; at most %d are allowed."
                  .formatted(digits, MOST_PRICE_DIGITS)));
    }
    if (places > MOST_PRICE_PLACES) {
      return Reading.bad(
          new Fault(
              "price",
              "The price has %d decimal places; at most %d are allowed."
                  .formatted(places, MOST_PRICE_PLACES)));
    }
    return new Reading(value, null, text.currency(), null);
  }

  static Reading quantity(String cell, NumberFormat format) {
    NumberText text = NumberText.of(cell);
    if (text.currency() != null) {
      return Reading.bad(noQuantity(cell));
    }
    if (isUndecided(text, format)) {
      return Reading.bad(undecided(cell, text, format));
    }
    String value = value(text, format);
    return value != null && isInt(value) ? Reading.of(value) : Reading.bad(noQuantity(cell));
  }

  /**
   * Whether the value of a number is not certain in this format, or whether the format contradicts
   * the number. If a number can be read in two ways, its value is certain only if the sample
   * contains numbers of the same form.
   */
  private static boolean isUndecided(NumberText text, NumberFormat format) {
    if (format.requested()) {
      return false;
    }
    if (!text.isAmbiguous()) {
      return switch (format.decimal()) {
        case POINT -> text.byPoint() == null && text.byComma() != null;
        case COMMA -> text.byComma() == null && text.byPoint() != null;
        case MIXED, UNKNOWN -> false;
      };
    }
    // The number can be read in two ways: with three decimal places, or with a group of thousands
    // and no decimal places.
    return switch (format.decimal()) {
      case POINT -> !(hasPlaces(text.byPoint(), text) ? format.threePlaces() : format.grouped());
      case COMMA -> !(hasPlaces(text.byComma(), text) ? format.threePlaces() : format.grouped());
      case MIXED, UNKNOWN -> true;
    };
  }

  /**
   * Whether {@code value} is the reading with decimal places. The reading with decimal places is
   * the smaller of the two values.
   */
  private static boolean hasPlaces(@Nullable String value, NumberText text) {
    String other = value != null && value.equals(text.byPoint()) ? text.byComma() : text.byPoint();
    return value != null
        && other != null
        && new BigDecimal(value).abs().compareTo(new BigDecimal(other).abs()) < 0;
  }

  private static @Nullable String value(NumberText text, NumberFormat format) {
    return switch (format.decimal()) {
      case POINT -> text.byPoint();
      case COMMA -> text.byComma();
      case MIXED, UNKNOWN -> text.byPoint() != null ? text.byPoint() : text.byComma();
    };
  }

  private static Fault undecided(String cell, NumberText text, NumberFormat format) {
    String readings =
        text.isAmbiguous()
            ? "can be %s or %s".formatted(text.byPoint(), text.byComma())
            : "does not fit the other numbers of the column, which have a decimal %s"
                .formatted(format.decimal() == Decimal.POINT ? "point" : "comma");
    return new Fault(
        "number-undecided",
        "%s %s. Upload the file with decimal=point or decimal=comma to say how its numbers are written."
            .formatted(CellCheck.quoted(cell), readings));
  }

  private static Fault noPrice(String cell, NumberFormat format) {
    return new Fault(
        "price",
        "%s is not a price. Write a number that is not negative, such as %s, with or without a currency beside it."
            .formatted(
                CellCheck.quoted(cell), format.decimal() == Decimal.COMMA ? "1234,50" : "1234.50"));
  }

  private static Fault noQuantity(String cell) {
    return new Fault(
        "quantity",
        "%s is not a quantity. Write a whole number up to %d, such as 25."
            .formatted(CellCheck.quoted(cell), Integer.MAX_VALUE));
  }

  static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a canonical number is a quantity. The lowest int value is refused, because its digits
   * without the sign exceed the highest int value.
   */
  private static boolean isInt(String number) {
    int start = number.startsWith("-") ? 1 : 0;
    long value = 0;
    for (int i = start; i < number.length(); i++) {
      char c = number.charAt(i);
      value = value * 10 + (c - '0');
      if (c < '0' || c > '9' || value > Integer.MAX_VALUE) {
        return false;
      }
    }
    return true;
  }
}
