package dev.waybill.csv;

import dev.waybill.csv.Damage.Code;
import dev.waybill.csv.FramedRecord.Broken;
import dev.waybill.csv.FramedRecord.Flaw;
import java.util.ArrayList;
import java.util.List;

/** Describes the damage of a record in sentences for the user. */
final class DamageReport {

  /**
   * The maximum number of characters of a column name in a sentence. A header cell can be as long
   * as a record.
   */
  private static final int LONGEST_NAME = 60;

  private final CsvFormat format;
  private final CsvLimits limits;
  private final Columns columns;
  private final List<String> header;

  /**
   * @param columns the columns of the file; empty if the header is not read yet
   */
  DamageReport(CsvFormat format, CsvLimits limits, Columns columns) {
    this.format = format;
    this.limits = limits;
    this.columns = columns;
    this.header = columns.cellNames();
  }

  List<Damage> of(Broken broken, long line) {
    if (!broken.firstLine().foreign()) {
      return flaws(broken, line);
    }
    List<Damage> damages = new ArrayList<>(flaws(broken, line));
    damages.add(
        new Damage(
            Code.CHARSET,
            "Line %d has bytes that are not %s text. Save the file in one charset throughout."
                .formatted(line, format.charset().name())));
    return damages;
  }

  private List<Damage> flaws(Broken broken, long line) {
    return switch (broken.flaw()) {
      case UNCLOSED_QUOTE -> List.of(unclosed(broken, line, "is never closed"));
      case TEXT_AFTER_QUOTE -> List.of(textAfterQuote(broken, line));
      case TOO_FEW_CELLS -> List.of(wrongCells(broken, line, "has"));
      case TOO_MANY_CELLS ->
          List.of(
              broken.openCell() > limits.maxColumns() || header.isEmpty()
                  ? tooManyColumns(line)
                  : wrongCells(broken, line, "already has"));
      case TOO_MANY_BYTES, TOO_MANY_LINES -> {
        Damage tooLarge = tooLarge(broken, line);
        yield broken.inQuotes() && broken.openCell() > 0
            ? List.of(
                unclosed(broken, line, "is not closed before the record is too large"), tooLarge)
            : List.of(tooLarge);
      }
    };
  }

  /**
   * The damage of a record that has fewer or more cells than the header, or a value in a cell that
   * is not a column.
   */
  Damage fieldCount(long line, String[] cells) {
    String delimiter = format.delimiter().word();
    int unnamed = columns.unnamedWithValue(cells);
    if (unnamed > 0 && cells.length >= columns.width() && unnamed <= header.size()) {
      return new Damage(
          Code.FIELD_COUNT,
          "Line %d has a value in column %d, which has no name in the header. Give it one."
              .formatted(line, unnamed));
    }
    String help =
        cells.length > header.size()
            ? "A cell that contains a %s must be in quotes.".formatted(delimiter)
            : "Write a %s for each absent cell.".formatted(delimiter);
    return new Damage(
        Code.FIELD_COUNT,
        "Line %d has %s, but the header has %d. %s"
            .formatted(line, count(cells.length, "cell"), header.size(), help));
  }

  Damage tooManyColumns(long line) {
    return new Damage(
        Code.RECORD_TOO_LARGE,
        "Line %d has more than %s, the most that one record may have."
            .formatted(line, count(limits.maxColumns(), "column")));
  }

  Damage notInCharset(long line, int lines, int column) {
    return new Damage(
        Code.CHARSET,
        "%s has bytes that are not %s, first in %s. Save the file in one charset throughout."
            .formatted(place(line, lines), format.charset().name(), column(column)));
  }

  Damage nul(long line, int lines, int column) {
    return new Damage(
        Code.CHARSET,
        "%s has a NUL character, which is not text, first in %s. Remove it."
            .formatted(place(line, lines), column(column)));
  }

  Damage secondHeader(long line) {
    return new Damage(
        Code.HEADER,
        "Line %d holds column names, but not the header of this file. ".formatted(line)
            + "Delete it; if another table starts there, upload that one as a file of its own.");
  }

  Damage belowSecondHeader(long line, long headerLine) {
    return new Damage(
        Code.HEADER,
        "Line %d is below line %d, which is the header of another table."
                .formatted(line, headerLine)
            + " Upload that table as a file of its own.");
  }

  Damage joinedFiles(long line) {
    return new Damage(
        Code.CHARSET,
        "Line %d has a byte order mark in the middle of the file: two files were joined there."
                .formatted(line)
            + " Upload them one by one.");
  }

  Damage lostSeparator(long line, int column) {
    return new Damage(
        Code.QUOTE,
        "Line %d, %s, has a quote in the middle that closes in a later cell. Probably the %s before the quote is lost."
            .formatted(line, column(column), format.delimiter().word()));
  }

  private Damage unclosed(Broken broken, long line, String how) {
    return new Damage(
        Code.QUOTE,
        "The quote that opens in line %d, %s, %s. Close it right before the next %s or line end."
            .formatted(line, column(openCell(broken)), how, format.delimiter().word()));
  }

  private Damage textAfterQuote(Broken broken, long line) {
    String found;
    if (broken.lines() == 1) {
      found =
          "In line %d, %s, text follows the closing quote.".formatted(line, column(broken.cells()));
    } else {
      found =
          "The quote that opens in line %d, %s, runs on to line %d, where text follows a closing"
                  .formatted(line, column(broken.openCell()), line + broken.lines() - 1)
              + " quote.";
    }
    return new Damage(
        Code.QUOTE,
        found
            + " Only a %s or the line end may follow it; a quote inside the text must be"
                .formatted(format.delimiter().word())
            + " written twice.");
  }

  private Damage wrongCells(Broken broken, long line, String has) {
    return new Damage(
        Code.FIELD_COUNT,
        "%s %s %s, but the header has %d. "
                .formatted(
                    place(line, broken.lines()), has, count(broken.cells(), "cell"), header.size())
            + "Probably the quote that opens in line %d, %s, is not closed where it should be."
                .formatted(line, column(broken.openCell())));
  }

  private Damage tooLarge(Broken broken, long line) {
    String limit =
        broken.flaw() == Flaw.TOO_MANY_LINES
            ? count(limits.maxLines(), "line")
            : count(limits.maxSizeBytes(), "byte");
    return new Damage(
        Code.RECORD_TOO_LARGE,
        "The record that starts in line %d has more than %s, the most that one record may have."
            .formatted(line, limit));
  }

  private static int openCell(Broken broken) {
    return broken.openCell() > 0 ? broken.openCell() : broken.cells();
  }

  private static String place(long line, int lines) {
    return lines == 1
        ? "Line " + line
        : "The record of lines %d to %d".formatted(line, line + lines - 1);
  }

  private String column(int number) {
    if (number > header.size()) {
      return "column " + number;
    }
    String name = header.get(number - 1).replaceAll("\\s+", " ");
    return "column %d (%s)"
        .formatted(
            number, name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name);
  }

  private static String count(int number, String thing) {
    return number == 1 ? "1 " + thing : number + " " + thing + "s";
  }
}
