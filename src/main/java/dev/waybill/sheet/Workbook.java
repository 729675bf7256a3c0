package dev.waybill.sheet;

import dev.waybill.sheet.XmlReader.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sheets of a workbook, and the names of its parts in the archive. */
final class Workbook {

  /** The maximum number of sheets of a workbook. The names of all sheets are kept in the heap. */
  private static final int MOST_SHEETS = 1000;

  private static final int NAMES_SHOWN = 20;
  private static final int MOST_RELATIONS = 5000;
  private static final int LONGEST_RELATION = 1000;
  private static final int LONGEST_NAME = 255;

  private final ZipArchive archive;
  private final Map<String, ZipArchive.Entry> parts;
  private final String path;
  private final Map<String, Relation> relations;
  private final List<Sheet> sheets = new ArrayList<>();
  private boolean from1904;

  /**
   * A reference from one part of the workbook to another part. {@code target} is the name of the
   * other part in the archive.
   */
  private record Relation(String type, String target) {}

  /**
   * A sheet.
   *
   * @param hidden whether the sheet is hidden in the spreadsheet
   */
  record Sheet(String name, boolean hidden, String relation) {}

  /**
   * @param parts the entries of the archive, by lower-case name
   */
  Workbook(ZipArchive archive, Map<String, ZipArchive.Entry> parts) throws IOException {
    this.archive = archive;
    this.parts = parts;
    this.path =
        relations("").values().stream()
            .filter(relation -> relation.type().endsWith("/officeDocument"))
            .map(Relation::target)
            .filter(parts::containsKey)
            .findFirst()
            .orElse("xl/workbook.xml");
    this.relations = relations(path);
    readSheets();
  }

  /** Whether the workbook counts its dates from a day in 1904. */
  boolean from1904() {
    return from1904;
  }

  /** The number of sheets that contain cells and are not hidden. */
  long visibleSheets() {
    return sheets.stream().filter(sheet -> !sheet.hidden() && isTable(sheet)).count();
  }

  /**
   * Finds the sheet to read.
   *
   * @param wanted the name of the sheet, or its number from 1; null for the first sheet that is not
   *     hidden
   */
  Sheet sheet(@Nullable String wanted) throws SheetException {
    if (wanted == null) {
      return sheets.stream()
          .filter(sheet -> !sheet.hidden() && isTable(sheet))
          .findFirst()
          .or(() -> sheets.stream().filter(this::isTable).findFirst())
          .orElseThrow(() -> SheetException.unreadable("The workbook has no sheet with cells."));
    }
    for (Sheet sheet : sheets) {
      if (sheet.name().equalsIgnoreCase(wanted.strip())) {
        return sheet;
      }
    }
    if (wanted.matches("[1-9][0-9]{0,3}") && Integer.parseInt(wanted) <= sheets.size()) {
      return sheets.get(Integer.parseInt(wanted) - 1);
    }
    throw SheetException.unknownSheet(
        "The workbook has no sheet “%s”. It has %d: %s."
            .formatted(ZipArchive.shown(wanted), sheets.size(), names()));
  }

  /** The names of the first sheets, as text for a message to the user. */
  String names() {
    String names =
        sheets.stream()
            .limit(NAMES_SHOWN)
            .map(sheet -> "“" + ZipArchive.shown(sheet.name()) + "”")
            .collect(Collectors.joining(", "));
    return sheets.size() > NAMES_SHOWN ? names + " …" : names;
  }

  /** Opens the XML of a sheet. */
  XmlReader open(Sheet sheet) throws IOException {
    Relation relation = relations.get(sheet.relation());
    if (relation == null || !parts.containsKey(relation.target())) {
      throw XmlReader.malformed("names a sheet that is not there");
    }
    if (!isTable(sheet)) {
      throw SheetException.unknownSheet(
          "The sheet “%s” has no cells; it is a chart or a dialog. The workbook has %s."
              .formatted(ZipArchive.shown(sheet.name()), names()));
    }
    return openPart(relation.target());
  }

  /** Opens the part of the workbook that has this type; null if no part has this type. */
  @Nullable XmlReader open(String type) throws IOException {
    for (Relation relation : relations.values()) {
      if (relation.type().endsWith("/" + type) && parts.containsKey(relation.target())) {
        return openPart(relation.target());
      }
    }
    return null;
  }

  private boolean isTable(Sheet sheet) {
    Relation relation = relations.get(sheet.relation());
    return relation != null && relation.type().endsWith("/worksheet");
  }

  private XmlReader openPart(String name) throws IOException {
    return XmlCharset.open(archive.open(Objects.requireNonNull(parts.get(name))));
  }

  private void readSheets() throws IOException {
    if (!parts.containsKey(path)) {
      throw XmlReader.malformed("has no list of sheets");
    }
    try (XmlReader xml = openPart(path)) {
      Event event;
      while ((event = xml.next()) != Event.DONE) {
        if (event != Event.START) {
          continue;
        }
        if (xml.name().equals("workbookPr")) {
          String value = xml.attribute("date1904");
          from1904 = "1".equals(value) || "true".equals(value);
        } else if (xml.name().equals("sheet") && xml.depth() == 3) {
          if (sheets.size() == MOST_SHEETS) {
            throw SheetException.tooLarge(
                "The workbook has more than %,d sheets.".formatted(MOST_SHEETS));
          }
          String name = Objects.requireNonNullElse(xml.attribute("name"), "");
          String relation = Objects.requireNonNullElse(xml.attribute("id"), "");
          if (name.length() > LONGEST_NAME || relation.length() > LONGEST_NAME) {
            throw XmlReader.malformed("has a sheet with an overlong name");
          }
          String state = xml.attribute("state");
          sheets.add(new Sheet(name, state != null && !state.equals("visible"), relation));
        }
      }
    }
  }

  /** The references of a part to other parts, by the IDs of the references. */
  private Map<String, Relation> relations(String part) throws IOException {
    int slash = part.lastIndexOf('/') + 1;
    String folder = part.substring(0, slash);
    String file = folder + "_rels/" + part.substring(slash) + ".rels";
    Map<String, Relation> found = new HashMap<>();
    if (!parts.containsKey(file)) {
      return found;
    }
    try (XmlReader xml = openPart(file)) {
      Event event;
      while ((event = xml.next()) != Event.DONE) {
        if (event == Event.START && xml.name().equals("Relationship")) {
          String id = xml.attribute("Id");
          String type = xml.attribute("Type");
          String target = xml.attribute("Target");
          if (found.size() == MOST_RELATIONS) {
            throw SheetException.tooLarge(
                "The workbook has more than %,d relations.".formatted(MOST_RELATIONS));
          }
          if (id != null
              && type != null
              && target != null
              && id.length() + type.length() + target.length() <= LONGEST_RELATION) {
            found.put(id, new Relation(type, resolved(folder, target)));
          }
        }
      }
    }
    return found;
  }

  /**
   * The full name of a part in the archive. The name is only looked up in the archive, so a name
   * can never refer to a file on the disk.
   */
  private static String resolved(String folder, String target) {
    String name = target.startsWith("/") ? target.substring(1) : folder + target;
    List<String> steps = new ArrayList<>();
    for (String step : name.replace('\\', '/').split("/")) {
      if (step.equals("..")) {
        if (!steps.isEmpty()) {
          steps.removeLast();
        }
      } else if (!step.equals(".") && !step.isEmpty()) {
        steps.add(step);
      }
    }
    return String.join("/", steps).toLowerCase(Locale.ROOT);
  }
}
