package dev.waybill.sheet;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Formats numbers like a number format of a spreadsheet. The result differs from the spreadsheet if
 * the formatted text would lose the value. This class writes no exponents and no fractions such as
 * {@code 1 1/2}. If the spreadsheet shows a negative number in red or in parentheses, this class
 * writes a minus sign instead. If the format shows neither a digit nor a letter, this class writes
 * the number without a format.
 */
final class CellFormat {

  /** The precision of numbers in a spreadsheet: 15 significant digits. */
  private static final MathContext PRECISION = new MathContext(15, RoundingMode.HALF_UP);

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]{1,40}\\.?[0-9]{0,40}|\\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?");

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,40}");
  private static final Pattern CONDITION =
      Pattern.compile("\\[(<=|>=|<>|<|>|=)(-?[0-9]{1,15}(?:\\.[0-9]{1,15})?)]");

  private final List<Section> sections;

  /**
   * A section of a format code. A section formats some of the numbers, for example the negative
   * numbers.
   */
  private record Section(
      @Nullable Condition condition,
      @Nullable DateFormat date,
      @Nullable NumberPattern number,
      boolean general) {}

  private record Condition(String sign, BigDecimal limit) {

    boolean isTrue(BigDecimal value) {
      int compared = value.compareTo(limit);
      return switch (sign) {
        case "<" -> compared < 0;
        case "<=" -> compared <= 0;
        case ">" -> compared > 0;
        case ">=" -> compared >= 0;
        case "=" -> compared == 0;
        default -> compared != 0;
      };
    }
  }

  private CellFormat(List<Section> sections) {
    this.sections = sections;
  }

  /** Parses a format code such as {@code #,##0.00}. */
  static CellFormat of(String code) {
    List<Section> sections = new ArrayList<>();
    for (String part : FormatCode.sections(code)) {
      sections.add(section(part));
    }
    return new CellFormat(sections);
  }

  private static Section section(String part) {
    Matcher matcher = CONDITION.matcher(part);
    Condition condition =
        matcher.find() ? new Condition(matcher.group(1), new BigDecimal(matcher.group(2))) : null;
    List<FormatCode.Token> tokens = FormatCode.tokens(part);
    if (FormatCode.isDate(tokens)) {
      return new Section(condition, new DateFormat(tokens, FormatCode.locale(part)), null, false);
    }
    if (FormatCode.isGeneral(tokens)) {
      return new Section(condition, null, null, true);
    }
    return new Section(condition, null, new NumberPattern(tokens), false);
  }

  /** Whether this format shows a number as a date or a time. */
  boolean isDate() {
    return sections.getFirst().date() != null;
  }

  /**
   * The text of a cell as the user sees it in the spreadsheet.
   *
   * @param stored the number as the sheet stores it; any other text is returned unchanged
   */
  String show(String stored, boolean from1904) {
    if (!NUMBER.matcher(stored).matches()) {
      return stored;
    }
    BigDecimal value = new BigDecimal(stored);
    Section section = sectionFor(value);
    DateFormat date = section.date();
    if (date != null) {
      String shown = date.show(value, from1904);
      return shown == null ? general(stored, value) : shown;
    }
    NumberPattern number = section.number();
    if (section.general() || number == null) {
      return general(stored, value);
    }
    boolean whole = INTEGER.matcher(stored).matches();
    String shown = number.show(whole ? value : value.round(PRECISION));
    return shown == null ? general(stored, value) : shown;
  }

  private Section sectionFor(BigDecimal value) {
    int count = sections.size();
    boolean conditions = sections.stream().anyMatch(section -> section.condition() != null);
    if (conditions) {
      for (Section section : sections) {
        Condition condition = section.condition();
        if (condition == null || condition.isTrue(value)) {
          return section;
        }
      }
      return sections.getLast();
    }
    if (value.signum() < 0 && count > 1) {
      return sections.get(1);
    }
    return value.signum() == 0 && count > 2 ? sections.get(2) : sections.getFirst();
  }

  /** The text of a number without a format. An integer keeps all its digits. */
  private static String general(String stored, BigDecimal value) {
    if (INTEGER.matcher(stored).matches()) {
      return stored;
    }
    BigDecimal rounded = value.round(PRECISION).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }
}
