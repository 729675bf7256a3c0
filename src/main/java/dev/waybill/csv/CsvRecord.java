package dev.waybill.csv;

import java.util.List;

/** One record after the header. */
public sealed interface CsvRecord {

  /** The physical line where it starts; the file's first line is 1. */
  long line();

  /**
   * Its text, for a person to correct, without the line end: at most 64 KiB as UTF-8. U+FFFD
   * replaces bytes that are no text: bytes outside the charset, and NUL.
   */
  String original();

  /** Whether {@link #original()} is shorter than the record. */
  boolean originalCut();

  /**
   * A record with as many cells as the header.
   *
   * @param text its text without the line end
   * @param cells as in the file, not stripped, with the line ends inside a cell
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
   * A record that cannot be a row.
   *
   * @param damages at least one
   * @param original the text of the record. For a damaged record over several lines it is the first
   *     line; the others are read again as records. If only the charset is wrong, it is all lines
   */
  record Damaged(long line, List<Damage> damages, String original, boolean originalCut)
      implements CsvRecord {}
}
