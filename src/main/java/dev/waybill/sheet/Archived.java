package dev.waybill.sheet;

import dev.waybill.csv.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** What a ZIP file is. */
public sealed interface Archived {

  /** An archive that holds one table, which may be a workbook again. */
  final class Table implements Archived {

    private final ZipArchive archive;
    private final ZipArchive.Entry entry;

    private Table(ZipArchive archive, ZipArchive.Entry entry) {
      this.archive = archive;
      this.entry = entry;
    }

    /** Its name in the archive, for a person. */
    public String name() {
      return ZipArchive.shown(entry.name());
    }

    /** The inflated bytes of the table. The caller closes the stream. */
    public InputStream open() throws IOException {
      return archive.open(entry);
    }
  }

  /** A workbook. */
  final class Book implements Archived {

    private final Workbook workbook;

    private Book(Workbook workbook) {
      this.workbook = workbook;
    }

    /** Converts one of its sheets to text. */
    public ConvertedSheet convert(ConvertSheet how) throws IOException {
      return how.convert(workbook);
    }
  }

  /**
   * Finds out what a ZIP file is.
   *
   * @param size of the file in bytes
   * @param budget counts what is inflated, here and later
   * @throws SheetException if it is neither a workbook nor an archive around one table
   */
  static Archived of(ByteSource file, long size, InflateBudget budget) throws IOException {
    ZipArchive archive = new ZipArchive(file, size, budget);
    Map<String, ZipArchive.Entry> parts = ArchiveContent.workbook(archive);
    return parts == null
        ? new Table(archive, ArchiveContent.table(archive))
        : new Book(new Workbook(archive, parts));
  }
}
