package dev.waybill.sheet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes small workbooks and archives, valid and invalid ones. */
public final class WorkbookBuilder {

  private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  private static final String TYPES =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

  private final Map<String, String> sheets = new LinkedHashMap<>();
  private final List<String> strings = new ArrayList<>();
  private final List<String> formats = new ArrayList<>();
  private final Map<String, String> replaced = new LinkedHashMap<>();
  private String properties = "";
  private String states = "";

  /** Adds a sheet with these rows, such as {@code <row r="1"><c r="A1"><v>1</v></c></row>}. */
  public WorkbookBuilder sheet(String name, String rows) {
    sheets.put(
        name,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"%s\"><sheetData>%s</sheetData></worksheet>"
            .formatted(MAIN, rows));
    return this;
  }

  /** Adds a sheet of texts and numbers. A text that looks like a number becomes a number cell. */
  public WorkbookBuilder table(String name, List<List<String>> rows) {
    StringBuilder xml = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      xml.append("<row r=\"").append(row + 1).append("\">");
      for (int column = 0; column < rows.get(row).size(); column++) {
        String cell = rows.get(row).get(column);
        String at = letters(column) + (row + 1);
        if (cell.isEmpty()) {
          continue;
        }
        xml.append(cell.matches("-?[0-9]+(\\.[0-9]+)?") ? number(at, cell) : text(at, cell));
      }
      xml.append("</row>");
    }
    return sheet(name, xml.toString());
  }

  private static String letters(int column) {
    String last = Character.toString('A' + column % 26);
    return column < 26 ? last : letters(column / 26 - 1) + last;
  }

  /** A shared string. */
  public String text(String at, String text) {
    strings.add("<si><t xml:space=\"preserve\">" + escaped(text) + "</t></si>");
    return "<c r=\"%s\" t=\"s\"><v>%d</v></c>".formatted(at, strings.size() - 1);
  }

  public static String number(String at, String number) {
    return "<c r=\"%s\"><v>%s</v></c>".formatted(at, number);
  }

  /** A number cell with this number format. */
  public String number(String at, String number, String code) {
    formats.add(code);
    return "<c r=\"%s\" s=\"%d\"><v>%s</v></c>".formatted(at, formats.size(), number);
  }

  public WorkbookBuilder from1904() {
    properties = "<workbookPr date1904=\"1\"/>";
    return this;
  }

  /** Hides the first sheet. */
  public WorkbookBuilder hideFirst() {
    states = " state=\"hidden\"";
    return this;
  }

  /** Replaces the content of a part; null removes the part. */
  public WorkbookBuilder part(String name, String content) {
    replaced.put(name, content);
    return this;
  }

  public byte[] bytes() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("[Content_Types].xml", "<Types/>");
    parts.put(
        "_rels/.rels",
        "<Relationships><Relationship Id=\"rId1\" Type=\"%s/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            .formatted(TYPES));
    StringBuilder list = new StringBuilder();
    StringBuilder relations = new StringBuilder();
    int number = 0;
    for (String name : sheets.keySet()) {
      number++;
      list.append(
          "<sheet name=\"%s\" sheetId=\"%d\" r:id=\"rId%d\"%s/>"
              .formatted(escaped(name), number, number, number == 1 ? states : ""));
      relations.append(
          "<Relationship Id=\"rId%d\" Type=\"%s/worksheet\" Target=\"worksheets/sheet%d.xml\"/>"
              .formatted(number, TYPES, number));
      parts.put("xl/worksheets/sheet" + number + ".xml", sheets.get(name));
    }
    parts.put(
        "xl/workbook.xml",
        "<workbook xmlns=\"%s\" xmlns:r=\"%s\">%s<sheets>%s</sheets></workbook>"
            .formatted(MAIN, TYPES, properties, list));
    parts.put(
        "xl/_rels/workbook.xml.rels",
        "<Relationships>%s<Relationship Id=\"s\" Type=\"%s/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"f\" Type=\"%s/styles\" Target=\"styles.xml\"/></Relationships>"
            .formatted(relations, TYPES, TYPES));
    parts.put("xl/sharedStrings.xml", "<sst>" + String.join("", strings) + "</sst>");
    parts.put("xl/styles.xml", styles());
    parts.putAll(replaced);
    parts.values().removeIf(java.util.Objects::isNull);
    return zip(parts);
  }

  private String styles() {
    StringBuilder codes = new StringBuilder();
    StringBuilder styles = new StringBuilder("<xf numFmtId=\"0\"/>");
    for (int i = 0; i < formats.size(); i++) {
      boolean builtIn = formats.get(i).matches("#[0-9]+");
      int id = builtIn ? Integer.parseInt(formats.get(i).substring(1)) : 164 + i;
      if (!builtIn) {
        codes.append(
            "<numFmt numFmtId=\"%d\" formatCode=\"%s\"/>".formatted(id, escaped(formats.get(i))));
      }
      styles.append("<xf numFmtId=\"%d\"/>".formatted(id));
    }
    return "<styleSheet><numFmts>%s</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>%s</cellXfs></styleSheet>"
        .formatted(codes, styles);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  /** An archive of texts. */
  public static byte[] zip(Map<String, String> files) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(UTF_8)));
    return zipOf(bytes);
  }

  public static byte[] zipOf(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
