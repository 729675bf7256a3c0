package dev.waybill.sheet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the format code of a spreadsheet into sections and tokens. */
final class FormatCode {

  private static final Pattern LOCALE = Pattern.compile("\\[\\$[^\\]-]*-([0-9A-Fa-f]{1,8})]");
  private static final Pattern CURRENCY = Pattern.compile("\\[\\$([^\\]-]*)(?:-[^\\]]*)?]");

  /**
   * The languages of month names, by the last four hexadecimal digits of the Windows locale ID
   * (LCID).
   */
  private static final Map<Integer, Locale> LOCALES =
      Map.ofEntries(
          Map.entry(0x407, Locale.GERMAN),
          Map.entry(0x807, Locale.GERMAN),
          Map.entry(0xC07, Locale.GERMAN),
          Map.entry(0x40C, Locale.FRENCH),
          Map.entry(0x80C, Locale.FRENCH),
          Map.entry(0x410, Locale.ITALIAN),
          Map.entry(0x40A, Locale.of("es")),
          Map.entry(0xC0A, Locale.of("es")),
          Map.entry(0x413, Locale.of("nl")),
          Map.entry(0x415, Locale.of("pl")),
          Map.entry(0x416, Locale.of("pt")),
          Map.entry(0x816, Locale.of("pt")));

  /**
   * A token of a format code.
   *
   * @param literal whether the text is shown unchanged
   */
  record Token(String text, boolean literal) {

    boolean isPlaceholder() {
      return !literal && text.length() == 1 && "0#?".contains(text);
    }

    boolean is(String code) {
      return !literal && text.equalsIgnoreCase(code);
    }
  }

  private FormatCode() {}

  /** Splits a format code into its sections, which are separated by semicolons. */
  static List<String> sections(String code) {
    List<String> sections = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && !quoted) {
        i++;
      } else if (c == ';' && !quoted) {
        sections.add(code.substring(start, i));
        start = i + 1;
      }
    }
    sections.add(code.substring(start));
    return sections;
  }

  static List<Token> tokens(String section) {
    List<Token> tokens = new ArrayList<>();
    int i = 0;
    while (i < section.length()) {
      char c = section.charAt(i);
      switch (c) {
        case '"' -> {
          int end = section.indexOf('"', i + 1);
          end = end < 0 ? section.length() : end;
          tokens.add(new Token(section.substring(i + 1, end), true));
          i = end + 1;
        }
        case '\\' -> {
          tokens.add(new Token(section.substring(i + 1, Math.min(i + 2, section.length())), true));
          i += 2;
        }
        case '_' -> {
          tokens.add(new Token(" ", true));
          i += 2;
        }
        case '*' -> i += 2;
        case '[' -> {
          int end = section.indexOf(']', i);
          end = end < 0 ? section.length() - 1 : end;
          addBracket(section.substring(i, end + 1), tokens);
          i = end + 1;
        }
        default -> {
          int end = wordEnd(section, i);
          tokens.add(new Token(section.substring(i, end), false));
          i = end;
        }
      }
    }
    return tokens;
  }

  /**
   * Adds the tokens of a text in square brackets. Colours, conditions and locales get no tokens,
   * because the spreadsheet shows no text for them. A currency and a duration get tokens.
   */
  private static void addBracket(String bracket, List<Token> tokens) {
    Matcher currency = CURRENCY.matcher(bracket);
    if (currency.matches()) {
      tokens.add(new Token(currency.group(1), true));
    } else if (bracket.matches("\\[(?i:h+|m+|s+)]")) {
      tokens.add(new Token(bracket, false));
    }
  }

  private static int wordEnd(String section, int from) {
    for (String word : new String[] {"General", "AM/PM", "A/P"}) {
      if (section.regionMatches(true, from, word, 0, word.length())) {
        return from + word.length();
      }
    }
    int end = from + 1;
    char c = Character.toLowerCase(section.charAt(from));
    while ("ymdhs".indexOf(c) >= 0
        && end < section.length()
        && Character.toLowerCase(section.charAt(end)) == c) {
      end++;
    }
    return end;
  }

  static boolean isGeneral(List<Token> tokens) {
    boolean fraction = false;
    boolean placeholder = false;
    for (Token token : tokens) {
      if (token.is("General") || token.is("@") || token.is("E")) {
        return true;
      }
      fraction |= token.is("/");
      placeholder |= token.isPlaceholder();
    }
    return tokens.isEmpty() || fraction && placeholder;
  }

  static boolean isDate(List<Token> tokens) {
    return tokens.stream()
        .anyMatch(
            token ->
                !token.literal()
                    && (token.text().startsWith("[")
                        || "ymdhs".indexOf(Character.toLowerCase(token.text().charAt(0))) >= 0));
  }

  /** The language of the month and day names that a section shows. */
  static Locale locale(String section) {
    Matcher matcher = LOCALE.matcher(section);
    if (!matcher.find()) {
      return Locale.ENGLISH;
    }
    int id = (int) Long.parseLong(matcher.group(1), 16) & 0xFFFF;
    return LOCALES.getOrDefault(id, Locale.ENGLISH);
  }
}
