package dev.waybill.product;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name of a price column, divided into the currency that the name states and the other words.
 * In {@code Price (EUR)}, {@code VK in CHF} and {@code price_usd} the currency is not part of the
 * name of the field.
 *
 * @param currency the currency in the form that the name contains; null if the name states no
 *     currency, several currencies, or a currency that is not certain
 * @param code the ISO 4217 code of {@code currency}
 * @param rest the name without words for a currency
 */
record PriceName(@Nullable String currency, @Nullable String code, String rest) {

  /**
   * The maximum length of a name that is searched. A longer name is never the name of a field. The
   * limit keeps the search cheap.
   */
  private static final int LONGEST = 100;

  private static final int LONGEST_CURRENCY = 5;

  /** The names of currencies that look like a currency code, but are not a currency code. */
  private static final List<String> LIKE_CODES = List.of("RMB", "SFR");

  /**
   * The currency codes that are recognised in upper and lower case. Other codes, such as ALL or
   * CUP, are also words.
   */
  private static final Set<String> FREQUENT =
      Set.of(
          "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "PLN", "CZK", "HUF", "SEK", "NOK", "DKK", "CAD",
          "AUD", "NZD", "HKD", "SGD", "INR", "BRL", "MXN", "ZAR", "RUB", "UAH", "BGN", "RON", "KRW",
          "TWD", "THB", "ILS", "AED", "SAR");

  /**
   * The names and codes of currencies that are also words or units in the names of columns, such as
   * {@code Price (KGS)} for the price of a kilogram.
   */
  private static final Set<String> ALSO_WORDS =
      Set.of(
          "ALL", "ANG", "BAM", "CUP", "FR", "FT", "GEL", "KGS", "LAK", "MOP", "PEN", "ROL", "SOS",
          "STD", "TOP");

  /** The words before a currency that belong to the currency, as in {@code VK in CHF}. */
  private static final Set<String> BEFORE = Set.of("in", "en", "em", "w");

  /** A word of a name, or a currency sign together with the letters before the sign. */
  private record Word(String text, int from, int to) {}

  static PriceName of(String name) {
    if (name.length() > LONGEST || !mayStateCurrency(name)) {
      return new PriceName(null, null, name);
    }
    List<Word> words = words(name);
    String currency = null;
    String code = null;
    boolean several = false;
    StringBuilder rest = null;
    for (int index = words.size() - 1; index >= 0; index--) {
      Word word = words.get(index);
      String meant = codeOf(word.text(), name);
      if (meant == null) {
        continue;
      }
      several |= code != null && !code.equals(meant);
      currency = word.text();
      code = meant;
      boolean belongs =
          index > 0 && BEFORE.contains(words.get(index - 1).text().toLowerCase(Locale.ROOT));
      rest = rest == null ? new StringBuilder(name) : rest;
      rest.delete(belongs ? words.get(index - 1).from() : word.from(), word.to());
    }
    return new PriceName(
        several ? null : currency, several ? null : code, rest == null ? name : rest.toString());
  }

  /**
   * A quick check that excludes nearly all names. Without this check, the search for rows that
   * repeat the header would take noticeably longer.
   */
  private static boolean mayStateCurrency(String name) {
    int length = name.length();
    for (int at = 0; at < length; at++) {
      char c = name.charAt(at);
      boolean starts = at == 0 || !Character.isLetter(name.charAt(at - 1));
      if (c >= 128 || c == '$' || starts && isLikeCode(name, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLikeCode(String name, int from) {
    return CurrencyNames.isCodeInAnyCase(name, from)
        || LIKE_CODES.stream().anyMatch(other -> name.regionMatches(true, from, other, 0, 3));
  }

  /** Whether a name contains one of these words. A word of one letter must be in brackets. */
  static boolean contains(String name, Set<String> wanted) {
    if (name.length() > LONGEST) {
      return false;
    }
    for (Word word : words(name)) {
      if (wanted.contains(HeaderName.folded(word.text()))
          && (word.text().length() > 1 || isInBrackets(word, name))) {
        return true;
      }
    }
    return false;
  }

  /** The name without these words. */
  static String without(String name, Set<String> unwanted) {
    StringBuilder rest = new StringBuilder(name);
    List<Word> words = words(name);
    for (int index = words.size() - 1; index >= 0; index--) {
      Word word = words.get(index);
      if (unwanted.contains(HeaderName.folded(word.text()))) {
        boolean belongs =
            index > 0 && BEFORE.contains(words.get(index - 1).text().toLowerCase(Locale.ROOT));
        rest.delete(belongs ? words.get(index - 1).from() : word.from(), word.to());
      }
    }
    return rest.toString();
  }

  private static boolean isInBrackets(Word word, String name) {
    return word.from() > 0
        && "([（".indexOf(name.charAt(word.from() - 1)) >= 0
        && word.to() < name.length()
        && ")]）".indexOf(name.charAt(word.to())) >= 0;
  }

  private static List<Word> words(String name) {
    List<Word> words = new ArrayList<>();
    int from = -1;
    for (int at = 0; at < name.length(); at++) {
      char c = name.charAt(at);
      if (Character.getType(c) == Character.CURRENCY_SYMBOL) {
        boolean letters = from >= 0 && belongToSign(name, from, at);
        if (from >= 0 && !letters) {
          words.add(new Word(name.substring(from, at), from, at));
        }
        int start = letters ? from : at;
        words.add(new Word(name.substring(start, at + 1), start, at + 1));
        from = -1;
      } else if (Character.isLetter(c)) {
        from = from < 0 ? at : from;
      } else if (from >= 0) {
        words.add(new Word(name.substring(from, at), from, at));
        from = -1;
      }
    }
    if (from >= 0) {
      words.add(new Word(name.substring(from), from, name.length()));
    }
    return words;
  }

  /**
   * Whether the letters before a sign are part of the currency, as in {@code US$}. Several
   * currencies share some signs, so {@code NT$} is never read as {@code $}. But if only one
   * currency has the sign, the letters before the sign are a word of the name, as in {@code VK€}.
   */
  private static boolean belongToSign(String name, int from, int sign) {
    return sign - from <= 2
        && isUpper(name, from, sign)
        && (CurrencyNames.isShared(name.substring(sign, sign + 1))
            || CurrencyNames.isKnown(name.substring(from, sign + 1)));
  }

  private static boolean isUpper(String name, int from, int to) {
    for (int at = from; at < to; at++) {
      if (name.charAt(at) < 'A' || name.charAt(at) > 'Z') {
        return false;
      }
    }
    return true;
  }

  /**
   * The code of the currency that a word of a name certainly means; null if the word means no
   * currency for certain.
   */
  private static @Nullable String codeOf(String word, String name) {
    if (word.length() > LONGEST_CURRENCY) {
      return null;
    }
    String upper = word.toUpperCase(Locale.ROOT);
    if (FREQUENT.contains(upper)) {
      return upper;
    }
    if (CurrencyNames.isCode(upper)) {
      // Capitals show that a word is a code, unless the whole name has only capitals, such as PRICE
      // ALL.
      boolean stands = word.equals(upper) && !name.equals(name.toUpperCase(Locale.ROOT));
      return stands && !ALSO_WORDS.contains(upper) && CurrencyNames.isMoney(upper) ? upper : null;
    }
    return ALSO_WORDS.contains(upper) ? null : CurrencyNames.code(word);
  }
}
