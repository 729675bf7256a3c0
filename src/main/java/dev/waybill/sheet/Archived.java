package dev.waybill.sheet;

import dev.waybill.csv.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The content of a ZIP file. */
public sealed interface Archived {

  /** An archive that contains exactly one table. The table may itself be a workbook. */
  final class Table implements Archived {

    private final ZipArchive archive;
    private final ZipArchive.Entry entry;

    private Table(ZipArchive archive, ZipArchive.Entry entry) {
      this.archive = archive;
      this.entry = entry;
    }

    /** The name of the table in the archive, to show to a user. */
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

    /** Converts one sheet of the workbook to text. */
    public ConvertedSheet convert(ConvertSheet how) throws IOException {
      return how.convert(workbook);
    }
  }

  /**
   * Determines what a ZIP file contains.
   *
   * @param size the size of the file in bytes
   * @param budget counts all bytes that are inflated, by this method and by later reads
   * @throws SheetException if the file is neither a workbook nor an archive with exactly one table
   */
  static Archived of(ByteSource file, long size, InflateBudget budget) throws IOException {
    ZipArchive archive = new ZipArchive(file, size, budget);
    Map<String, ZipArchive.Entry> parts = ArchiveContent.workbook(archive);
    return parts == null
        ? new Table(archive, ArchiveContent.table(archive))
        : new Book(new Workbook(archive, parts));
  }
}
