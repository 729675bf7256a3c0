package dev.waybill.sheet;

import dev.waybill.csv.Notice;
import dev.waybill.file.Draft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts one sheet of a workbook to text in one pass. The text is CSV: UTF-8, with commas as
 * delimiters and the escape mode {@code LINES}. So an import can read the sheet like any other
 * file, starting at any checkpoint.
 *
 * @param sheet the name of the sheet, or its number from 1; null for the first sheet that is not
 *     hidden
 * @param strings a temporary file for the shared strings of the workbook
 * @param out the draft that gets the text
 * @param longestRow the maximum number of bytes of a row
 * @param maxBytes the maximum number of bytes of the text
 */
public record ConvertSheet(
    @Nullable String sheet, Draft strings, Draft out, int longestRow, long maxBytes) {

  ConvertedSheet convert(Workbook workbook) throws IOException {
    Workbook.Sheet chosen = workbook.sheet(sheet);
    SharedStrings shared = new SharedStrings(strings, longestRow);
    try (XmlReader xml = workbook.open("sharedStrings")) {
      if (xml != null) {
        shared.readAll(xml);
      }
    }
    CellFormats formats;
    try (XmlReader xml = workbook.open("styles")) {
      formats = CellFormats.read(xml);
    }
    TextRows text = new TextRows(out, longestRow, maxBytes);
    try (XmlReader xml = workbook.open(chosen)) {
      SheetRows rows = new SheetRows(xml, shared, formats, workbook.from1904(), longestRow);
      rows.writeTo(text);
      text.finish();
      return new ConvertedSheet(
          chosen.name(), rows.textNumbers(), rows.numbers(), notices(workbook, chosen, rows));
    }
  }

  private List<Notice> notices(Workbook workbook, Workbook.Sheet chosen, SheetRows rows) {
    List<Notice> notices = new ArrayList<>();
    if (sheet == null && workbook.visibleSheets() > 1) {
      notices.add(
          Notice.of(
              "sheet",
              "Only the sheet “%s” is read; sheet= names another. The workbook has %s."
                  .formatted(ZipArchive.shown(chosen.name()), workbook.names())));
    }
    if (rows.hiddenRows() > 0) {
      notices.add(
          new Notice(
              "rows-hidden",
              null,
              rows.hiddenRows(),
              List.of(),
              "Rows that are hidden in the sheet, by a filter for example, are read like all"
                  + " others."));
    }
    if (rows.unknownResults() > 0) {
      notices.add(
          new Notice(
              "formula-unknown",
              null,
              rows.unknownResults(),
              List.of(),
              "Formulas without a stored result are read as the error #VALUE!. Open the workbook in"
                  + " a spreadsheet program, save it, and import it again."));
    }
    return notices;
  }
}
