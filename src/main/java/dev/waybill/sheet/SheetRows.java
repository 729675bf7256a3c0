package dev.waybill.sheet;

import dev.waybill.sheet.XmlReader.Event;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cells of a sheet, row by row, in the form in which the spreadsheet shows the cells.
 * Only one thread may use an instance.
 */
final class SheetRows {

  static final int MOST_ROWS = 1_048_576;
  static final int MOST_COLUMNS = 16_384;

  /** The number of rows after which the thread gives other threads the chance to run. */
  private static final int ROWS_PER_TURN = 256;

  private static final int LONGEST_NUMBER = 30;

  private final XmlReader xml;
  private final SharedStrings strings;
  private final CellFormats formats;
  private final boolean from1904;
  private final int longestCell;

  private final List<String> cells = new ArrayList<>();
  private final StringBuilder value = new StringBuilder();
  private final BitSet textNumbers = new BitSet();
  private final BitSet numbers = new BitSet();
  private int row;
  // The number of cells of the row, up to the last cell with a value.
  private int filled;
  private int column;
  private long hiddenRows;
  private long unknownResults;

  SheetRows(
      XmlReader xml,
      SharedStrings strings,
      CellFormats formats,
      boolean from1904,
      int longestCell) {
    this.xml = xml;
    this.strings = strings;
    this.formats = formats;
    this.from1904 = from1904;
    this.longestCell = longestCell;
  }

  /** The columns (from 0) with a text that can be read as a number with a separator. */
  List<Integer> textNumbers() {
    return textNumbers.stream().boxed().toList();
  }

  /** The columns (from 0) with a number that the sheet shows with a separator. */
  List<Integer> numbers() {
    return numbers.stream().boxed().toList();
  }

  /** The number of rows with a value that are hidden in the spreadsheet. */
  long hiddenRows() {
    return hiddenRows;
  }

  /** The number of formulas without a stored result. */
  long unknownResults() {
    return unknownResults;
  }

  // Calls Thread.yield() regularly. An upload runs on a virtual thread, so each call releases the
  // carrier thread for other virtual threads.
  @SuppressWarnings("ThreadPriorityCheck")
  void writeTo(TextRows out) throws IOException {
    Event event;
    while ((event = xml.next()) != Event.DONE) {
      if (event == Event.START && xml.name().equals("row")) {
        readRow(out);
        if (row % ROWS_PER_TURN == 0) {
          Thread.yield();
        }
      }
    }
  }

  private void readRow(TextRows out) throws IOException {
    int number = rowNumber(xml.attribute("r"));
    if (number <= row) {
      throw XmlReader.malformed("has row %d behind row %d".formatted(number, row));
    }
    row = number;
    boolean hidden = isTrue(xml.attribute("hidden"));
    int depth = xml.depth();
    cells.clear();
    filled = 0;
    column = -1;
    while (xml.depth() >= depth) {
      Event event = xml.next();
      if (event == Event.START && xml.name().equals("c")) {
        readCell();
      } else if (event == Event.DONE) {
        throw XmlReader.malformed("ends too early");
      }
    }
    if (filled > 0) {
      hiddenRows += hidden ? 1 : 0;
      out.add(row, cells.subList(0, filled));
    }
  }

  private int rowNumber(@Nullable String reference) throws SheetException {
    int number = reference == null ? row + 1 : number(reference);
    if (number < 1 || number > MOST_ROWS) {
      throw XmlReader.malformed(
          "has a row that is none of the %,d of a sheet".formatted(MOST_ROWS));
    }
    return number;
  }

  private void readCell() throws IOException {
    String reference = xml.attribute("r");
    int next = reference == null ? column + 1 : columnOf(reference);
    if (next <= column || next >= MOST_COLUMNS) {
      throw XmlReader.malformed(
          "has a cell in row %d that is none of the %,d columns, or is there twice"
              .formatted(row, MOST_COLUMNS));
    }
    column = next;
    String type = Objects.requireNonNullElse(xml.attribute("t"), "n");
    CellFormat format = formats.of(xml.attribute("s"));
    int depth = xml.depth();
    value.setLength(0);
    boolean formula = false;
    boolean inValue = false;
    boolean hasValue = false;
    while (xml.depth() >= depth) {
      switch (xml.next()) {
        case START -> {
          inValue = xml.name().equals("v");
          hasValue |= inValue;
          formula |= xml.name().equals("f");
          if (xml.name().equals("is")) {
            RichText.read(xml, value, longestCell);
          }
        }
        case END -> inValue = false;
        case TEXT -> {
          if (inValue) {
            RichText.append(xml.text(), value, longestCell);
          }
        }
        case DONE -> throw XmlReader.malformed("ends too early");
      }
    }
    if (formula && !hasResult(type, hasValue)) {
      unknownResults++;
      put("#VALUE!");
    } else if (!value.isEmpty()) {
      put(shown(type, value.toString(), format));
    }
  }

  /**
   * Whether the formula of the current cell has a stored result. Libraries that write formulas
   * without calculating the results leave {@code <v>} empty. A cell without a stored result must
   * not count as blank, because a blank cell in an import clears the stored value of the product.
   * Only the result of a text formula may be empty.
   */
  private boolean hasResult(String type, boolean hasValue) {
    return type.equals("str") ? hasValue : !value.toString().isBlank();
  }

  private void put(String text) {
    if (text.isBlank()) {
      return;
    }
    while (cells.size() < column) {
      cells.add("");
    }
    cells.add(text);
    filled = cells.size();
  }

  private String shown(String type, String stored, CellFormat format) throws IOException {
    return switch (type) {
      case "s" -> text(shared(stored));
      case "str", "inlineStr" -> text(RichText.unescaped(stored));
      case "b" -> stored.strip().equals("0") ? "FALSE" : "TRUE";
      case "e" -> stored.strip();
      case "d" -> date(stored.strip(), format);
      case "n" -> number(stored.strip(), format);
      default -> throw XmlReader.malformed("has a cell of a kind that is not known");
    };
  }

  private String shared(String stored) throws IOException {
    String text = strings.get(number(stored.strip()));
    if (text == null) {
      throw XmlReader.malformed(
          "has a cell in row %d whose text is not in the list of texts".formatted(row));
    }
    return text;
  }

  private String number(String stored, CellFormat format) {
    String shown = format.show(stored, from1904);
    if (shown.indexOf('.') >= 0 || shown.indexOf(',') >= 0) {
      numbers.set(column);
    }
    return shown;
  }

  private String text(String text) {
    if (!textNumbers.get(column) && mayBeNumber(text)) {
      textNumbers.set(column);
    }
    return text;
  }

  private static boolean mayBeNumber(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return false;
    }
    int letters = 0;
    boolean digit = false;
    boolean separator = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      digit |= c >= '0' && c <= '9';
      separator |= c == '.' || c == ',' || c == '\'' || c == '\u2019';
      letters += Character.isLetter(c) ? 1 : 0;
    }
    return digit && separator && letters <= 4;
  }

  private String date(String stored, CellFormat format) {
    LocalDateTime moment;
    try {
      moment =
          stored.length() == 10
              ? LocalDate.parse(stored).atStartOfDay()
              : LocalDateTime.parse(
                  stored.endsWith("Z") ? stored.substring(0, stored.length() - 1) : stored);
    } catch (DateTimeException e) {
      // Returns the stored text of a value that is not a date, for example of a time without a
      // date.
      return stored;
    }
    boolean midnight = moment.toLocalTime().toSecondOfDay() == 0;
    LocalDate first = LocalDate.of(1899, 12, 30);
    if (!format.isDate() || moment.toLocalDate().isBefore(first.plusYears(1))) {
      return midnight ? moment.toLocalDate().toString() : moment.toString().replace('T', ' ');
    }
    long seconds = Duration.between(first.atStartOfDay(), moment).toSeconds();
    return format.show(
        BigDecimal.valueOf(seconds)
            .divide(BigDecimal.valueOf(86_400), MathContext.DECIMAL64)
            .toPlainString(),
        false);
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > 9) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  /**
   * The column (from 0) of a reference such as {@code AB12}. Returns {@link #MOST_COLUMNS} if the
   * text is not a valid reference for this row.
   */
  private int columnOf(String reference) {
    int letters = 0;
    int number = 0;
    while (letters < reference.length() && letters < 4) {
      int letter = Character.toUpperCase(reference.charAt(letters)) - 'A';
      if (letter < 0 || letter > 25) {
        break;
      }
      number = 26 * number + letter + 1;
      letters++;
    }
    boolean right = letters > 0 && letters < 4 && number(reference.substring(letters)) == row;
    return right ? number - 1 : MOST_COLUMNS;
  }

  private static boolean isTrue(@Nullable String value) {
    return "1".equals(value) || "true".equals(value);
  }
}
