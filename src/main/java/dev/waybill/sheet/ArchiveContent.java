package dev.waybill.sheet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Determines whether a ZIP file contains a workbook, exactly one table, or something else. */
final class ArchiveContent {

  private static final int NAMES_SHOWN = 10;

  private static final List<String> TABLES =
      List.of(".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm");

  private ArchiveContent() {}

  /** The parts of a workbook by their lower-case names; null if the archive is not a workbook. */
  static @Nullable Map<String, ZipArchive.Entry> workbook(ZipArchive archive)
      throws SheetException {
    Map<String, ZipArchive.Entry> parts = new HashMap<>();
    boolean twice = false;
    for (ZipArchive.Entry entry : archive.entries()) {
      String name = entry.name().replace('\\', '/').toLowerCase(Locale.ROOT);
      twice |= parts.put(name, entry) != null;
    }
    if (!parts.containsKey("[content_types].xml")) {
      refuseOtherDocument(parts);
      return null;
    }
    if (parts.containsKey("xl/workbook.bin")) {
      throw SheetException.unreadable("It is an XLSB workbook. Save it as XLSX or CSV.");
    }
    if (parts.keySet().stream().noneMatch(name -> name.startsWith("xl/"))) {
      throw SheetException.unreadable(
          "It is an Office document without a sheet, such as a text or a presentation. Send a CSV"
              + " file or an XLSX workbook.");
    }
    if (twice) {
      throw SheetException.unreadable(
          "The workbook is damaged: it has two parts of the same name. Save it again.");
    }
    return parts;
  }

  private static void refuseOtherDocument(Map<String, ZipArchive.Entry> parts)
      throws SheetException {
    if (parts.containsKey("mimetype") && parts.containsKey("content.xml")) {
      throw SheetException.unreadable(
          "It is an ODS workbook or another OpenDocument file. Save it as XLSX or CSV.");
    }
    if (parts.containsKey("index/document.iwa") || parts.containsKey("index.zip")) {
      throw SheetException.unreadable("It is an Apple Numbers document. Export it as XLSX or CSV.");
    }
  }

  /**
   * Finds the only table in an archive.
   *
   * @throws SheetException if the archive contains no table, or several tables
   */
  static ZipArchive.Entry table(ZipArchive archive) throws SheetException {
    List<ZipArchive.Entry> files =
        archive.entries().stream().filter(entry -> !isIgnored(entry)).toList();
    List<ZipArchive.Entry> tables = files.stream().filter(ArchiveContent::isTable).toList();
    if (tables.size() == 1) {
      return tables.getFirst();
    }
    if (tables.size() > 1) {
      throw SheetException.unreadable(
          "The ZIP archive has %d tables: %s. Send one of them alone."
              .formatted(tables.size(), names(tables)));
    }
    throw SheetException.unreadable(
        files.isEmpty()
            ? "It is a ZIP archive without a file in it. Send a CSV file or an XLSX workbook."
            : "It is a ZIP archive without a CSV or XLSX file. It has %s.".formatted(names(files)));
  }

  private static boolean isTable(ZipArchive.Entry entry) {
    String name = entry.name().toLowerCase(Locale.ROOT);
    return TABLES.stream().anyMatch(name::endsWith);
  }

  /** Whether an entry is a folder, or a file that macOS or another program adds automatically. */
  private static boolean isIgnored(ZipArchive.Entry entry) {
    String name = entry.name().replace('\\', '/');
    return entry.isFolder()
        || name.startsWith("__MACOSX/")
        || name.contains("/__MACOSX/")
        || name.substring(name.lastIndexOf('/') + 1).startsWith(".");
  }

  private static String names(List<ZipArchive.Entry> entries) {
    List<String> shown =
        entries.stream()
            .limit(NAMES_SHOWN)
            .map(entry -> "“" + ZipArchive.shown(entry.name()) + "”")
            .collect(Collectors.toCollection(ArrayList::new));
    if (entries.size() > NAMES_SHOWN) {
      shown.add("and %d more".formatted(entries.size() - NAMES_SHOWN));
    }
    return String.join(", ", shown);
  }
}
