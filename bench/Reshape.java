import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the rows of a file of {@link GenerateCsv} in another form: {@code java bench/Reshape.java
 * german|xlsx FILE.csv OUTPUT}.
 *
 * <ul>
 *   <li>{@code german}: a CSV in the form in which a German spreadsheet saves it, with semicolons,
 *       decimal commas and windows-1252. If a letter is not in this charset, it becomes a question
 *       mark
 *   <li>{@code xlsx}: a workbook that has one sheet and shared strings; price and quantity are
 *       numbers
 * </ul>
 */
final class Reshape {

  private static final int PRICE = 3;
  private static final int QUANTITY = 5;

  private Reshape() {}

  public static void main(String[] arguments) throws IOException {
    Path from = Path.of(arguments[1]);
    try (Reader in = Files.newBufferedReader(from);
        OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[2])), 1 << 16)) {
      Records records = new Records(in);
      switch (arguments[0]) {
        case "german" -> german(records, out);
        case "xlsx" -> xlsx(records, out);
        default -> throw new IllegalArgumentException("unknown form " + arguments[0]);
      }
    }
  }

  private static void german(Records records, OutputStream out) throws IOException {
    var encoder =
        Charset.forName("windows-1252")
            .newEncoder()
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    Writer text = new BufferedWriter(new OutputStreamWriter(out, encoder));
    for (List<String> cells; (cells = records.next()) != null; ) {
      for (int i = 0; i < cells.size(); i++) {
        String cell = i == PRICE ? cells.get(i).replace('.', ',') : cells.get(i);
        boolean quoted = cell.matches("(?s).*[;\"\n].*");
        text.append(i == 0 ? "" : ";")
            .append(quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
      }
      text.append("\r\n");
    }
    text.flush();
  }

  private static void xlsx(Records records, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    entry(
        zip,
        "[Content_Types].xml",
        """
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
        <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>\
        <Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>\
        <Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>\
        </Types>\
        """);
    entry(
        zip,
        "_rels/.rels",
        """
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
        <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>\
        </Relationships>\
        """);
    entry(
        zip,
        "xl/workbook.xml",
        """
        <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
        xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">\
        <sheets><sheet name="Products" sheetId="1" r:id="rId1"/></sheets></workbook>\
        """);
    entry(
        zip,
        "xl/_rels/workbook.xml.rels",
        """
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
        <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>\
        <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>\
        </Relationships>\
        """);
    Map<String, Integer> shared = new LinkedHashMap<>();
    zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
    StringBuilder xml = new StringBuilder();
    xml.append("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">");
    xml.append("<sheetData>");
    int row = 0;
    for (List<String> cells; (cells = records.next()) != null; ) {
      row++;
      xml.append("<row r=\"").append(row).append("\">");
      for (int i = 0; i < cells.size(); i++) {
        cell(xml, (char) ('A' + i) + "" + row, i, cells.get(i), shared);
      }
      xml.append("</row>");
      if (xml.length() > 1 << 16) {
        zip.write(xml.toString().getBytes(StandardCharsets.UTF_8));
        xml.setLength(0);
      }
    }
    zip.write(xml.append("</sheetData></worksheet>").toString().getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
    zip.putNextEntry(new ZipEntry("xl/sharedStrings.xml"));
    xml.setLength(0);
    xml.append("<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">");
    for (String text : shared.keySet()) {
      xml.append("<si><t xml:space=\"preserve\">").append(escaped(text)).append("</t></si>");
      if (xml.length() > 1 << 16) {
        zip.write(xml.toString().getBytes(StandardCharsets.UTF_8));
        xml.setLength(0);
      }
    }
    zip.write(xml.append("</sst>").toString().getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
    zip.finish();
  }

  private static void cell(
      StringBuilder xml, String place, int column, String cell, Map<String, Integer> shared) {
    if (cell.isEmpty()) {
      return;
    }
    xml.append("<c r=\"").append(place).append('"');
    if ((column == PRICE || column == QUANTITY) && cell.matches("-?[0-9.]+")) {
      xml.append("><v>").append(cell).append("</v></c>");
    } else {
      Integer number = shared.putIfAbsent(cell, shared.size());
      xml.append(" t=\"s\"><v>")
          .append(number == null ? shared.size() - 1 : number)
          .append("</v></c>");
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  /** Reads the records of a CSV in the form in which the generator writes it. */
  private static final class Records {

    private final BufferedReader in;

    Records(Reader in) {
      this.in = new BufferedReader(in, 1 << 16);
    }

    List<String> next() throws IOException {
      int c = in.read();
      if (c < 0) {
        return null;
      }
      List<String> cells = new ArrayList<>();
      StringBuilder cell = new StringBuilder();
      boolean quoted = false;
      for (; c >= 0 && (quoted || c != '\n'); c = in.read()) {
        if (c == '"') {
          in.mark(1);
          if (quoted && in.read() == '"') {
            cell.append('"');
          } else {
            if (quoted) {
              in.reset();
            }
            quoted = !quoted;
          }
        } else if (c == ',' && !quoted) {
          cells.add(cell.toString());
          cell.setLength(0);
        } else {
          cell.append((char) c);
        }
      }
      cells.add(cell.toString());
      return cells;
    }
  }
}
