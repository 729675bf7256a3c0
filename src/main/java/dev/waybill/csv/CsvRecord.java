package dev.waybill.csv;

import java.util.List;

/** One record after the header. */
public sealed interface CsvRecord {

  /** The physical line at which the record starts; the file's first line is 1. */
  long line();

  /**
   * The text of the record without the line end, for the user to correct: at most 64 KiB as UTF-8.
   * U+FFFD replaces NUL and bytes that are not valid in the charset.
   */
  String original();

  /** Whether {@link #original()} is shorter than the record. */
  boolean originalCut();

  /**
   * A record with one cell for each column.
   *
   * @param text the text of the record, without the line end
   * @param cells the cells as they are in the file: not stripped, and with the line ends inside a
   *     cell
   */
  record Complete(long line, String text, String[] cells) implements CsvRecord {

    @Override
    public String original() {
      return Original.cut(text);
    }

    @Override
    public boolean originalCut() {
      return Original.isTooLong(text);
    }
  }

  /**
   * A damaged record, which cannot become a row.
   *
   * @param damages the damages of the record, at least one
   * @param original the text of the record. If a record of several lines has damaged quotes or a
   *     wrong number of cells, this text is only its first line. The other lines are read again as
   *     records. If only the charset is wrong, this text contains all lines
   */
  record Damaged(long line, List<Damage> damages, String original, boolean originalCut)
      implements CsvRecord {}
}
