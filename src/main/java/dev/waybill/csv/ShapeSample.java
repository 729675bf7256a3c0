package dev.waybill.csv;

import dev.waybill.csv.FormatSniffer.Found;
import dev.waybill.csv.FramedRecord.Flaw;
import dev.waybill.csv.RawRecords.Raw;
import dev.waybill.csv.Shape.Escape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first records below the header to find facts that the header does not show. These facts
 * are escapes, unused columns, and rows that do not fit the header.
 */
@RequiredArgsConstructor
final class ShapeSample {

  private static final int MOST_RECORDS = 1000;

  /**
   * The minimum number of rows that do not fit the header for which one mistake of the whole file
   * is reported. If fewer rows do not fit the header, each row may have its own damage.
   */
  private static final int LEAST_SHIFTED = 3;

  private final ByteSource file;
  private final CsvFormat format;
  private final CsvLimits limits;
  private final Raw header;
  private final KnownNames names;
  private final @Nullable Escape wanted;

  /** The facts that one reading of the first records found. */
  private static final class Seen {
    private final List<Raw> rows = new ArrayList<>();
    private boolean broken;
    private int brokenQuotes;
    private boolean escapedQuote;
    private boolean nullCell;
    private boolean otherBackslash;
    // Whether a backslash precedes a character that MySQL never escapes, as in a Windows path.
    private boolean path;
  }

  Found judge(boolean cut, List<Notice> before) throws IOException {
    List<Notice> notices = new ArrayList<>(before);
    Seen seen = read(format, cut);
    CsvFormat read = format;
    if (wanted != null) {
      read = format.with(format.shape().withEscape(wanted));
      seen = read(read, cut);
    } else if (seen.escapedQuote || seen.nullCell && seen.otherBackslash && !seen.path) {
      CsvFormat escaped = format.with(format.shape().withEscape(Escape.BACKSLASH));
      Seen other = read(escaped, cut);
      boolean better = other.brokenQuotes < seen.brokenQuotes;
      if (better || other.brokenQuotes == seen.brokenQuotes && !seen.path) {
        notices.add(
            Notice.of(
                "escape-guessed",
                "A backslash is read as MySQL writes it: \\\" is a quote, \\n"
                    + " a line end, \\N blank. Upload with escape=none if it is a character."));
        read = escaped;
        seen = other;
      }
    }
    List<Integer> unnamed = unnamed(seen.rows);
    Columns columns = Columns.of(header.cells(), unnamed);
    if (columns.names().isEmpty()) {
      return new Found(read, notices);
    }
    if (!seen.broken) {
      refuseShifted(columns, seen.rows);
    }
    noticeNames(notices);
    return new Found(
        read.with(read.shape().withColumns(unnamed, spare(columns, seen.rows))), notices);
  }

  private Seen read(CsvFormat as, boolean cut) throws IOException {
    Seen seen = new Seen();
    HeaderAgain again = new HeaderAgain(header.cells(), names);
    try (RawRecords records = new RawRecords(file, as, limits)) {
      for (int i = 0; i < MOST_RECORDS + header.line(); i++) {
        Raw record = records.next();
        if (record == null || cut && !records.hasMoreText()) {
          break;
        }
        if (record.line() > header.line() && !record.isBlank()) {
          look(record, seen);
          if (record.flaw() == null
              && again.kindOf(record.cells().toArray(String[]::new)) == HeaderAgain.Kind.ROW) {
            seen.rows.add(record);
          }
        }
      }
    }
    return seen;
  }

  private void look(Raw record, Seen seen) {
    seen.broken |= record.flaw() != null;
    if (record.flaw() == Flaw.TEXT_AFTER_QUOTE || record.flaw() == Flaw.UNCLOSED_QUOTE) {
      seen.brokenQuotes++;
    }
    String text = record.text();
    for (int i = text.indexOf('\\'); i >= 0 && i + 1 < text.length(); ) {
      char next = text.charAt(i + 1);
      seen.escapedQuote |= next == '"' || next == '\'';
      seen.otherBackslash |= next != 'N';
      seen.path |= "\"'\\nrt0bZN".indexOf(next) < 0;
      i = text.indexOf('\\', i + 2);
    }
    seen.nullCell |= record.cells().contains("\\N");
  }

  private List<Integer> unnamed(List<Raw> rows) {
    BitSet without = new BitSet();
    for (int column = 0; column < header.cells().size(); column++) {
      without.set(column, header.cells().get(column).isEmpty());
    }
    for (Raw row : rows) {
      for (int column = without.nextSetBit(0);
          column >= 0 && column < row.cells().size();
          column = without.nextSetBit(column + 1)) {
        if (!row.cells().get(column).isEmpty()) {
          without.clear(column);
        }
      }
    }
    return without.stream().map(column -> column + 1).boxed().toList();
  }

  private static int spare(Columns columns, List<Raw> rows) {
    int most = 0;
    for (Raw row : rows) {
      if (columns.of(row.cells().toArray(String[]::new)) != null) {
        most = Math.max(most, row.cells().size() - columns.width());
      }
    }
    return most;
  }

  private void noticeNames(List<Notice> notices) {
    List<String> unique = Columns.uniqueNames(header.cells());
    for (int column = 0; column < unique.size(); column++) {
      String name = header.cells().get(column);
      if (!name.isEmpty() && !unique.get(column).equals(name)) {
        notices.add(
            new Notice(
                "name-repeated",
                unique.get(column),
                1,
                List.of(),
                "Column %d has the same name as one before it, and is called “%s”."
                    .formatted(column + 1, unique.get(column))));
      }
    }
  }

  /**
   * Throws an exception if all rows have too many cells, or too few cells, by the same number. Then
   * the whole file has one mistake, so the mistake is reported one time and not for a million rows.
   */
  private void refuseShifted(Columns columns, List<Raw> rows) {
    int off = 0;
    for (Raw row : rows) {
      String[] cells = row.cells().toArray(String[]::new);
      int here = filled(row.cells(), columns.width()) - columns.width();
      if (columns.of(cells) != null || here == 0 || off != 0 && off != here) {
        return;
      }
      off = here;
    }
    if (off == 0 || rows.size() < LEAST_SHIFTED) {
      return;
    }
    int cells = columns.width() + off;
    throw new CsvHeaderException(
        "The header has %d columns, but all rows have %d cells, the first in line %d. %s"
            .formatted(columns.width(), cells, rows.getFirst().line(), cause(off, rows)));
  }

  private static int filled(List<String> cells, int width) {
    int count = cells.size();
    while (count > width && cells.get(count - 1).isEmpty()) {
      count--;
    }
    return count;
  }

  private String cause(int off, List<Raw> rows) {
    if (off < 0) {
      return "Probably the rows have another delimiter than the header, or the header names columns"
          + " that the rows do not have.";
    }
    if (isNumbering(rows)) {
      return "Probably the rows start with a row number that has no name in the header: put a name"
          + " or a delimiter before the first name.";
    }
    if (format.delimiter().equals(Delimiter.COMMA) && hasDecimalCommas(rows)) {
      return "Probably numbers have a decimal comma: put these cells in quotes, or separate the"
          + " cells by semicolons.";
    }
    return "Probably a name is missing in the header, or each row has a %s in a cell without quotes."
        .formatted(format.delimiter().word());
  }

  private static boolean isNumbering(List<Raw> rows) {
    for (int i = 0; i < rows.size(); i++) {
      String first = rows.get(i).cells().getFirst();
      String start = rows.getFirst().cells().getFirst();
      if (!first.matches("\\d{1,9}")
          || Integer.parseInt(first) != i + (start.equals("0") ? 0 : 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasDecimalCommas(List<Raw> rows) {
    return rows.stream()
        .allMatch(
            row -> {
              for (int i = 1; i < row.cells().size(); i++) {
                if (row.cells().get(i).matches("\\d{1,2}")
                    && row.cells().get(i - 1).matches("\\d+")) {
                  return true;
                }
              }
              return false;
            });
  }
}
