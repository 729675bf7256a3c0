package dev.waybill.product;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What each field takes, and what its table column holds of it. */
final class CellCheck {

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_TOLD = 60;

  private static final int MOST_PRICE_DIGITS = 15;
  private static final int MOST_PRICE_PLACES = 4;
  private static final Pattern SCIENTIFIC = Pattern.compile("[0-9]([.,][0-9]+)?[eE]\\+?[0-9]+");

  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(toUnmodifiableSet());
  private static final Map<String, String> SIGNS =
      Map.of("€", "EUR", "EURO", "EUR", "$", "USD", "US$", "USD", "£", "GBP", "¥", "JPY");

  private CellCheck() {}

  /** Why a cell is not accepted: a stable code, and a sentence for the shop's person. */
  record Fault(String code, String detail) {}

  /**
   * @param cell without surrounding white space
   * @return null if the field takes it
   */
  static @Nullable Fault fault(Field field, String cell) {
    if (cell.isEmpty()) {
      return switch (field) {
        case SKU ->
            new Fault("sku-missing", "The sku is blank; every product needs one of its own.");
        case NAME -> new Fault("name-missing", "The name is blank; every product needs one.");
        case DESCRIPTION, PRICE, CURRENCY, QUANTITY, CATEGORY, BRAND, GTIN, IMAGE_URL -> null;
      };
    }
    return switch (field) {
      case SKU -> sku(cell);
      case NAME -> tooLong(cell, LONGEST_NAME, field);
      case PRICE -> price(cell);
      case CURRENCY -> currency(cell);
      case QUANTITY -> quantity(cell);
      case GTIN -> gtin(cell);
      case IMAGE_URL -> imageUrl(cell);
      case DESCRIPTION, CATEGORY, BRAND -> null;
    };
  }

  /** The form in which an accepted cell is stored: equal values are equal text. */
  static String canonical(Field field, String cell) {
    return switch (field) {
      case PRICE, QUANTITY -> withoutOuterZeros(cell);
      case SKU -> Sku.normalized(cell);
      case NAME, DESCRIPTION, CURRENCY, CATEGORY, BRAND, GTIN, IMAGE_URL -> cell;
    };
  }

  private static @Nullable Fault sku(String cell) {
    int invisible = Sku.firstInvisible(cell);
    if (invisible < 0) {
      return tooLong(cell, Sku.MAX_LENGTH, Field.SKU);
    }
    return new Fault(
        "sku-damaged",
        "The sku has the invisible character %s, which nobody sees. Type the sku again."
            .formatted(Sku.nameOf(cell.codePointAt(invisible))));
  }

  private static @Nullable Fault tooLong(String cell, int longest, Field field) {
    // Code points are never more than chars: the count is only needed for what looks too long.
    if (cell.length() <= longest || cell.codePointCount(0, cell.length()) <= longest) {
      return null;
    }
    return new Fault(
        field.column() + "-length",
        "The %s has %d characters; at most %d are allowed."
            .formatted(field.column(), cell.codePointCount(0, cell.length()), longest));
  }

  private static @Nullable Fault price(String cell) {
    int point = cell.indexOf('.');
    int digits = point < 0 ? cell.length() : point;
    int places = point < 0 ? 0 : cell.length() - point - 1;
    boolean isNumber =
        digits > 0
            && (point < 0 || places > 0)
            && isDigits(cell, 0, digits)
            && isDigits(cell, digits + 1, cell.length());
    if (!isNumber) {
      return new Fault(
          "price",
          "%s is not a price. Expected are digits with a point before at most 4 decimal places, and"
                  .formatted(quoted(cell))
              + " no sign, separator or currency, such as 1234.50.");
    }
    if (digits > MOST_PRICE_DIGITS) {
      return new Fault(
          "price",
          "The price has %d digits before the point; at most %d are allowed."
              .formatted(digits, MOST_PRICE_DIGITS));
    }
    if (places > MOST_PRICE_PLACES) {
      return new Fault(
          "price",
          "The price has %d decimal places; at most %d are allowed."
              .formatted(places, MOST_PRICE_PLACES));
    }
    return null;
  }

  private static @Nullable Fault currency(String cell) {
    if (CURRENCIES.contains(cell)) {
      return null;
    }
    String upper = cell.toUpperCase(Locale.ROOT);
    String meant = CURRENCIES.contains(upper) ? upper : SIGNS.get(upper);
    return new Fault(
        "currency",
        "%s is not a currency code. Expected is one of ISO 4217 in capitals, such as EUR.%s"
            .formatted(quoted(cell), meant == null ? "" : " Did you mean " + meant + "?"));
  }

  private static @Nullable Fault quantity(String cell) {
    if (isDigits(cell, 0, cell.length()) && isInt(cell)) {
      return null;
    }
    return new Fault(
        "quantity",
        "%s is not a quantity. Expected is a whole number from 0 to %d, such as 25."
            .formatted(quoted(cell), Integer.MAX_VALUE));
  }

  private static @Nullable Fault gtin(String cell) {
    int length = cell.length();
    boolean isDigits = isDigits(cell, 0, length);
    if (isDigits && (length == 8 || length >= 12 && length <= 14)) {
      return null;
    }
    String found =
        isDigits
            ? "The gtin has %d digits".formatted(length)
            : "%s is not a gtin".formatted(quoted(cell));
    String hint =
        SCIENTIFIC.matcher(cell).matches()
            ? " A spreadsheet seems to have shortened it: format the column as text."
            : "";
    return new Fault("gtin", found + ". Expected are 8, 12, 13 or 14 digits." + hint);
  }

  private static @Nullable Fault imageUrl(String cell) {
    return isWebAddress(cell)
        ? null
        : new Fault(
            "image-url",
            "%s is not a web address. Expected is one that starts with https:// or http:// and a"
                    .formatted(quoted(cell))
                + " host, without spaces, such as https://shop.example/shoe.jpg.");
  }

  /** By hand: java.net.URI refuses characters that browsers take, and costs ten times as much. */
  private static boolean isWebAddress(String cell) {
    int host =
        cell.regionMatches(true, 0, "https://", 0, 8)
            ? 8
            : cell.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
    if (host < 0) {
      return false;
    }
    int hostEnd = -1;
    for (int i = host; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c <= ' ' || c >= 0x7f && isSpaceOrControl(c)) {
        return false;
      }
      if (hostEnd < 0) {
        if (c == '/' || c == '?' || c == '#') {
          hostEnd = i;
        } else if (c == '@') {
          host = i + 1;
        }
      }
    }
    hostEnd = hostEnd < 0 ? cell.length() : hostEnd;
    return host < hostEnd && cell.charAt(host) != ':';
  }

  private static boolean isSpaceOrControl(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
  }

  private static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isInt(String digits) {
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      value = value * 10 + (digits.charAt(i) - '0');
      if (value > Integer.MAX_VALUE) {
        return false;
      }
    }
    return true;
  }

  private static String withoutOuterZeros(String number) {
    int point = number.indexOf('.');
    int digits = point < 0 ? number.length() : point;
    int start = 0;
    while (start < digits - 1 && number.charAt(start) == '0') {
      start++;
    }
    int end = number.length();
    if (point >= 0) {
      while (number.charAt(end - 1) == '0') {
        end--;
      }
      if (number.charAt(end - 1) == '.') {
        end--;
      }
    }
    return number.substring(start, end);
  }

  private static String quoted(String cell) {
    return "“" + RowError.cut(cell, LONGEST_TOLD) + "”";
  }
}
