package dev.waybill.sheet;

import dev.waybill.sheet.FormatCode.Token;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One section of a format code that shows a date, a time or a duration. */
final class DateFormat {

  private static final int DAYS_TO_9999 = 2_958_465;
  private static final int DAYS_FROM_1900_TO_1904 = 1462;
  private static final long MILLIS_OF_DAY = 86_400_000;

  /**
   * The serial number of 29 February 1900. Spreadsheets count this day, although it does not exist
   * in the calendar.
   */
  private static final int NO_DAY = 60;

  private final List<Token> tokens;
  private final Locale locale;
  private final boolean halfDays;
  private final boolean fractions;

  DateFormat(List<Token> tokens, Locale locale) {
    this.tokens = tokens;
    this.locale = locale;
    this.halfDays = tokens.stream().anyMatch(token -> token.is("AM/PM") || token.is("A/P"));
    this.fractions = tokens.stream().anyMatch(token -> token.is("0"));
  }

  private static boolean isElapsed(Token token) {
    return !token.literal() && token.text().startsWith("[");
  }

  /** The date in the format of this section; null if the number is not a date. */
  @Nullable String show(BigDecimal serial, boolean from1904) {
    if (serial.signum() < 0 || serial.compareTo(BigDecimal.valueOf(DAYS_TO_9999 + 1)) >= 0) {
      return null;
    }
    BigDecimal unit = BigDecimal.valueOf(fractions ? MILLIS_OF_DAY : MILLIS_OF_DAY / 1000);
    long units = serial.multiply(unit).setScale(0, RoundingMode.HALF_UP).longValueExact();
    long millis = fractions ? units : units * 1000;
    LocalDateTime moment = moment(millis, from1904);
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.literal()) {
        shown.append(token.text());
      } else if (isElapsed(token)) {
        appendElapsed(shown, token.text(), millis);
      } else {
        append(shown, i, moment, millis);
      }
    }
    return shown.toString().strip();
  }

  private static LocalDateTime moment(long millis, boolean from1904) {
    long days = millis / MILLIS_OF_DAY + (from1904 ? DAYS_FROM_1900_TO_1904 : 0);
    LocalDate first = LocalDate.of(1899, 12, 30);
    return first
        .plusDays(days < NO_DAY ? days + 1 : days)
        .atStartOfDay()
        .plus(millis % MILLIS_OF_DAY, ChronoUnit.MILLIS);
  }

  private static void appendElapsed(StringBuilder shown, String token, long millis) {
    long units =
        switch (Character.toLowerCase(token.charAt(1))) {
          case 'h' -> millis / 3_600_000;
          case 'm' -> millis / 60_000;
          default -> millis / 1000;
        };
    shown.append(padded(units, token.length() - 2));
  }

  private void append(StringBuilder shown, int index, LocalDateTime moment, long millis) {
    String token = tokens.get(index).text();
    int length = token.length();
    switch (Character.toLowerCase(token.charAt(0))) {
      case 'y' -> shown.append(length <= 2 ? padded(moment.getYear() % 100, 2) : moment.getYear());
      case 'm' -> {
        if (isMinute(index)) {
          shown.append(padded(moment.getMinute(), length));
        } else {
          shown.append(month(moment, length));
        }
      }
      case 'd' -> shown.append(day(moment, length));
      case 'h' -> {
        int hour = halfDays ? (moment.getHour() + 11) % 12 + 1 : moment.getHour();
        shown.append(padded(hour, length));
      }
      case 's' -> shown.append(padded(moment.getSecond(), length));
      case 'a' -> shown.append(half(token, moment));
      case '0' -> shown.append(fraction(index, millis));
      default -> shown.append(token);
    }
  }

  private static String half(String token, LocalDateTime moment) {
    String half = moment.getHour() < 12 ? "AM" : "PM";
    return token.length() > 3 ? half : half.substring(0, 1);
  }

  private String month(LocalDateTime moment, int length) {
    return switch (length) {
      case 1, 2 -> padded(moment.getMonthValue(), length);
      case 3 -> moment.getMonth().getDisplayName(TextStyle.SHORT, locale);
      case 5 -> moment.getMonth().getDisplayName(TextStyle.FULL, locale).substring(0, 1);
      default -> moment.getMonth().getDisplayName(TextStyle.FULL, locale);
    };
  }

  private String day(LocalDateTime moment, int length) {
    return switch (length) {
      case 1, 2 -> padded(moment.getDayOfMonth(), length);
      case 3 -> moment.getDayOfWeek().getDisplayName(TextStyle.SHORT, locale);
      default -> moment.getDayOfWeek().getDisplayName(TextStyle.FULL, locale);
    };
  }

  /** The digit of the fraction of a second that the token at {@code index} shows. */
  private String fraction(int index, long millis) {
    int place = 0;
    for (int i = index - 1; i >= 0 && tokens.get(i).is("0"); i--) {
      place++;
    }
    String digits = padded(millis % 1000, 3);
    return place < digits.length() ? digits.substring(place, place + 1) : "0";
  }

  /**
   * Whether a token {@code m} means minutes. The token means minutes if it comes after an hour or
   * before a second. Otherwise the token means months.
   */
  private boolean isMinute(int index) {
    return unitBeside(index, -1) == 'h' || unitBeside(index, 1) == 's';
  }

  private char unitBeside(int index, int step) {
    for (int i = index + step; i >= 0 && i < tokens.size(); i += step) {
      Token token = tokens.get(i);
      if (!token.literal()) {
        String text = token.text().toLowerCase(Locale.ROOT);
        char unit = text.charAt(text.startsWith("[") ? 1 : 0);
        if ("ymdhs".indexOf(unit) >= 0) {
          return unit;
        }
      }
    }
    return ' ';
  }

  private static String padded(long number, int length) {
    String digits = Long.toString(number);
    return digits.length() >= length ? digits : "0".repeat(length - digits.length()) + digits;
  }
}
