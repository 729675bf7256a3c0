package dev.waybill.product;

import java.util.BitSet;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recognises currencies by their codes, signs and names. */
final class CurrencyNames {

  private static final int LETTERS = 26;
  private static final int CODE_LENGTH = 3;

  /** All currency codes, each as its {@link #number}. */
  private static final BitSet CODES =
      numbers(Currency.getAvailableCurrencies().stream().map(Currency::getCurrencyCode));

  /** The names that mean exactly one currency, in upper case and without a full stop at the end. */
  private static final Map<String, String> CERTAIN =
      Map.ofEntries(
          Map.entry("€", "EUR"),
          Map.entry("EURO", "EUR"),
          Map.entry("EUROS", "EUR"),
          Map.entry("£", "GBP"),
          Map.entry("US$", "USD"),
          Map.entry("A$", "AUD"),
          Map.entry("AU$", "AUD"),
          Map.entry("C$", "CAD"),
          Map.entry("CA$", "CAD"),
          Map.entry("NZ$", "NZD"),
          Map.entry("HK$", "HKD"),
          Map.entry("S$", "SGD"),
          Map.entry("R$", "BRL"),
          Map.entry("MX$", "MXN"),
          Map.entry("RMB", "CNY"),
          Map.entry("元", "CNY"),
          Map.entry("人民币", "CNY"),
          Map.entry("円", "JPY"),
          Map.entry("JP¥", "JPY"),
          Map.entry("CN¥", "CNY"),
          Map.entry("₹", "INR"),
          Map.entry("₽", "RUB"),
          Map.entry("₩", "KRW"),
          Map.entry("₺", "TRY"),
          Map.entry("₴", "UAH"),
          Map.entry("₪", "ILS"),
          Map.entry("₫", "VND"),
          Map.entry("฿", "THB"),
          Map.entry("ZŁ", "PLN"),
          Map.entry("KČ", "CZK"),
          Map.entry("FT", "HUF"),
          Map.entry("SFR", "CHF"),
          Map.entry("FR", "CHF"));

  private static final Set<String> DOLLARS =
      Set.of("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "ARS", "CLP", "COP", "TWD");

  /**
   * The names that several currencies share. The value of each name is the set of these currencies.
   */
  private static final Map<String, Set<String>> SHARED =
      Map.of(
          "$", DOLLARS,
          "¥", Set.of("JPY", "CNY"),
          "￥", Set.of("JPY", "CNY"),
          "KR", Set.of("SEK", "NOK", "DKK", "ISK"),
          "₨", Set.of("INR", "PKR", "LKR", "NPR"),
          "£", Set.of("GBP", "EGP", "GIP"));

  private CurrencyNames() {}

  static boolean isCode(String text) {
    return text.length() == CODE_LENGTH
        && isUpper(text.charAt(0))
        && isUpper(text.charAt(1))
        && isUpper(text.charAt(2))
        && CODES.get(number(text, 0));
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** Whether the three letters from this index on are a currency code, in upper or lower case. */
  static boolean isCodeInAnyCase(String text, int from) {
    return CODES.get(number(text, from));
  }

  private static BitSet numbers(Stream<String> codes) {
    return codes.mapToInt(code -> number(code, 0)).collect(BitSet::new, BitSet::set, BitSet::or);
  }

  /**
   * Converts three Latin letters, in upper or lower case, to a number above 0. Returns 0 if there
   * are fewer than three Latin letters at this index.
   */
  private static int number(String text, int from) {
    if (from + CODE_LENGTH > text.length()) {
      return 0;
    }
    int number = 1;
    for (int at = from; at < from + CODE_LENGTH; at++) {
      int letter = (text.charAt(at) | 0x20) - 'a';
      if (letter < 0 || letter >= LETTERS) {
        return 0;
      }
      number = number * LETTERS + letter;
    }
    return number;
  }

  /**
   * Whether a code means money. Some codes do not mean money: gold, for example, has a code, too.
   */
  static boolean isMoney(String code) {
    return Currency.getInstance(code).getDefaultFractionDigits() >= 0;
  }

  /**
   * The code of the currency that the text names; null if it names no currency or several
   * currencies.
   */
  static @Nullable String code(String text) {
    String name = name(text);
    if (isCode(name)) {
      return name;
    }
    String certain = CERTAIN.get(name);
    // The sign $ without further letters means the US dollar.
    return certain == null && name.equals("$") ? "USD" : certain;
  }

  /** Whether the text can mean this currency. The text can also be a name of other currencies. */
  static boolean mayMean(String text, String code) {
    return code.equals(code(text)) || SHARED.getOrDefault(name(text), Set.of()).contains(code);
  }

  /** The currency that both texts can mean; null if the texts mean different currencies. */
  static @Nullable String common(String one, String other) {
    String code = code(one);
    if (code != null && mayMean(other, code)) {
      return code;
    }
    String otherCode = code(other);
    return otherCode != null && mayMean(one, otherCode) ? otherCode : null;
  }

  /** Whether several currencies have this name. */
  static boolean isShared(String text) {
    return SHARED.containsKey(name(text));
  }

  /** Whether the text names at least one currency. */
  static boolean isKnown(String text) {
    return code(text) != null || SHARED.containsKey(name(text));
  }

  private static String name(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
