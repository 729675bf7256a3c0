package dev.waybill.sheet;

import dev.waybill.sheet.XmlReader.Event;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The number formats of a workbook, each for one cell style. */
final class CellFormats {

  /** The maximum number of cell styles. Excel writes at most 65,490 cell styles. */
  private static final int MOST_STYLES = 70_000;

  private static final int MOST_FORMATS = 5000;

  /** The maximum length of a format code, in characters. Excel writes at most 255 characters. */
  private static final int LONGEST_CODE = 1000;

  /**
   * The codes of the built-in formats by ID. A workbook does not contain these codes. If a built-in
   * format depends on the country, ISO 8601 is used.
   */
  private static final Map<Integer, String> BUILT_IN =
      Map.ofEntries(
          Map.entry(1, "0"),
          Map.entry(2, "0.00"),
          Map.entry(3, "#,##0"),
          Map.entry(4, "#,##0.00"),
          Map.entry(5, "#,##0;-#,##0"),
          Map.entry(6, "#,##0;-#,##0"),
          Map.entry(7, "#,##0.00;-#,##0.00"),
          Map.entry(8, "#,##0.00;-#,##0.00"),
          Map.entry(9, "0%"),
          Map.entry(10, "0.00%"),
          Map.entry(14, "yyyy-mm-dd"),
          Map.entry(15, "d-mmm-yy"),
          Map.entry(16, "d-mmm"),
          Map.entry(17, "mmm-yy"),
          Map.entry(18, "h:mm AM/PM"),
          Map.entry(19, "h:mm:ss AM/PM"),
          Map.entry(20, "h:mm"),
          Map.entry(21, "h:mm:ss"),
          Map.entry(22, "yyyy-mm-dd hh:mm"),
          Map.entry(37, "#,##0;-#,##0"),
          Map.entry(38, "#,##0;-#,##0"),
          Map.entry(39, "#,##0.00;-#,##0.00"),
          Map.entry(40, "#,##0.00;-#,##0.00"),
          Map.entry(41, "#,##0;-#,##0"),
          Map.entry(42, "#,##0;-#,##0"),
          Map.entry(43, "#,##0.00;-#,##0.00"),
          Map.entry(44, "#,##0.00;-#,##0.00"),
          Map.entry(45, "mm:ss"),
          Map.entry(46, "[h]:mm:ss"),
          Map.entry(47, "mm:ss.0"));

  private final Map<Integer, String> codes = new HashMap<>();
  private final Map<Integer, CellFormat> formats = new HashMap<>();
  private int[] styles = new int[64];
  private int count;

  /**
   * Reads the cell styles of a workbook.
   *
   * @param xml the part of the workbook with the styles; null if the workbook has no styles
   */
  static CellFormats read(@Nullable XmlReader xml) throws IOException {
    CellFormats formats = new CellFormats();
    if (xml != null) {
      formats.readAll(xml);
    }
    return formats;
  }

  /**
   * The format of a cell.
   *
   * @param style the index of the style that the cell names; null if the cell names no style
   */
  CellFormat of(@Nullable String style) {
    int index = style == null || !style.matches("[0-9]{1,6}") ? 0 : Integer.parseInt(style);
    int id = index < count ? styles[index] : 0;
    return formats.computeIfAbsent(id, this::format);
  }

  private CellFormat format(int id) {
    String code = codes.get(id);
    if (code == null) {
      // In East Asian versions of spreadsheet programs, the IDs 27 to 36 and 50 to 58 are date
      // formats.
      boolean eastAsianDate = id >= 27 && id <= 36 || id >= 50 && id <= 58;
      code = eastAsianDate ? "yyyy-mm-dd" : BUILT_IN.getOrDefault(id, "General");
    }
    return CellFormat.of(code);
  }

  private void readAll(XmlReader xml) throws IOException {
    boolean inCells = false;
    Event event;
    while ((event = xml.next()) != Event.DONE) {
      if (xml.name().equals("cellXfs") && event != Event.TEXT) {
        inCells = event == Event.START;
      } else if (event == Event.START && xml.name().equals("numFmt")) {
        addCode(number(xml.attribute("numFmtId")), xml.attribute("formatCode"));
      } else if (event == Event.START && inCells && xml.name().equals("xf")) {
        addStyle(number(xml.attribute("numFmtId")));
      }
    }
  }

  private void addCode(int id, @Nullable String code) throws SheetException {
    if (code == null) {
      return;
    }
    if (codes.size() == MOST_FORMATS || code.length() > LONGEST_CODE) {
      throw SheetException.tooLarge(
          "The workbook has more than %,d number formats, or one of more than %,d characters."
              .formatted(MOST_FORMATS, LONGEST_CODE));
    }
    codes.put(id, code);
  }

  private void addStyle(int format) throws SheetException {
    if (count == MOST_STYLES) {
      throw SheetException.tooLarge(
          "The workbook has more than %,d styles of cells.".formatted(MOST_STYLES));
    }
    if (count == styles.length) {
      styles = Arrays.copyOf(styles, 2 * count);
    }
    styles[count++] = format;
  }

  private static int number(@Nullable String value) {
    return value == null || !value.matches("[0-9]{1,9}") ? 0 : Integer.parseInt(value);
  }
}
