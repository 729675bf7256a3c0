package dev.waybill.csv;

import java.util.List;

/** One record after the header. */
public sealed interface CsvRecord {

  /** The physical line where it starts; the file's first line is 1. */
  long line();

  /**
   * Its text for a person to mend, without the line end: at most 64 KiB as UTF-8. What is no text
   * in the file (bytes outside the charset, NUL) stands as U+FFFD.
   */
  String original();

  /** Whether {@link #original()} ends before the record does. */
  boolean originalCut();

  /**
   * A record with as many cells as the header.
   *
   * @param text its text without the line end
   * @param cells as they stand in the file, not stripped; line ends inside a cell are kept
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
   * @param original the record's text, of a record over several lines its first line (the others
   *     are read anew, as records of their own), but all of it where only the charset is at fault
   */
  record Damaged(long line, List<Damage> damages, String original, boolean originalCut)
      implements CsvRecord {}
}
