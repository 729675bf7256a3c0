package dev.waybill.csv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The differences between a file and RFC 4180. The shape is detected when the file arrives, and
 * stored with the job of the file, so that every attempt reads the same records.
 *
 * @param headerLine the physical line at which the header starts; 0 for the first record that is
 *     not blank
 * @param quote the character around a cell
 * @param escape the meaning of a backslash
 * @param unnamed the numbers (from 1) of cells that have neither a name nor a value, in ascending
 *     order. These cells are not columns
 * @param spare the maximum number of blank cells that a record of several lines may have beyond the
 *     header. A record on a single line may have any number of such cells
 */
public record Shape(int headerLine, char quote, Escape escape, List<Integer> unnamed, int spare) {

  /** The meaning of a backslash. */
  public enum Escape {
    /** A backslash is an ordinary character. */
    NONE,
    /** A backslash changes the meaning of the next character, as in files that MySQL writes. */
    BACKSLASH,
    /**
     * Only {@code \n}, {@code \r} and {@code \\} are escapes, in every cell. A converted sheet is
     * written with these escapes, so that each row of the sheet is one line of text.
     */
    LINES
  }

  public static final Shape PLAIN = new Shape(0, '"', Escape.NONE, List.of(), 0);

  public Shape {
    unnamed = List.copyOf(unnamed);
  }

  public Shape withHeaderLine(int line) {
    return new Shape(line, quote, escape, unnamed, spare);
  }

  public Shape withQuote(char changed) {
    return new Shape(headerLine, changed, escape, unnamed, spare);
  }

  public Shape withEscape(Escape changed) {
    return new Shape(headerLine, quote, changed, unnamed, spare);
  }

  public Shape withColumns(List<Integer> withoutName, int spareCells) {
    return new Shape(headerLine, quote, escape, withoutName, spareCells);
  }

  /** Whether cells are written as in RFC 4180, so that the fast splitter can read them. */
  boolean hasPlainCells() {
    return quote == '"' && escape == Escape.NONE;
  }

  /** This shape as text, for the database. {@link #parse} reads this text. */
  public String stored() {
    return "%d %d %s %d %s"
        .formatted(
            headerLine,
            (int) quote,
            escape.name().toLowerCase(Locale.ROOT),
            spare,
            unnamed.stream().map(String::valueOf).collect(Collectors.joining(",")))
        .strip();
  }

  /**
   * Parses a text that {@link #stored} has made. The text is empty for a job that an earlier
   * version stored.
   */
  public static Shape parse(String stored) {
    if (stored.isEmpty()) {
      return PLAIN;
    }
    String[] parts = stored.split(" ");
    List<Integer> unnamed = new ArrayList<>();
    if (parts.length > 4) {
      Arrays.stream(parts[4].split(",")).map(Integer::valueOf).forEach(unnamed::add);
    }
    return new Shape(
        Integer.parseInt(parts[0]),
        (char) Integer.parseInt(parts[1]),
        Escape.valueOf(parts[2].toUpperCase(Locale.ROOT)),
        unnamed,
        Integer.parseInt(parts[3]));
  }
}
