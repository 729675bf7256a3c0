package dev.waybill.csv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What makes a file differ from RFC 4180. It is found when the file arrives, and stored with its
 * job, so that every attempt reads the same records.
 *
 * @param headerLine the physical line where the header starts; 0 for the first record that is not
 *     blank
 * @param quote the character around a cell
 * @param escape what a backslash means
 * @param unnamed columns (from 1) without name and value, in ascending order. They are no columns
 * @param spare cells that a record may have beyond the header, if they are blank. One on a single
 *     line may have any number of them
 */
public record Shape(int headerLine, char quote, Escape escape, List<Integer> unnamed, int spare) {

  /** What a backslash means. */
  public enum Escape {
    /** A backslash means nothing: it is a character like any other. */
    NONE,
    /**
     * A backslash takes the meaning of the next character or gives it one, as in files of MySQL.
     */
    BACKSLASH,
    /**
     * Only {@code \n}, {@code \r} and {@code \\}, in every cell: so each row of a sheet is one line
     * of text.
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

  /** Whether cells are as RFC 4180 writes them, which the fast path reads. */
  boolean hasPlainCells() {
    return quote == '"' && escape == Escape.NONE;
  }

  /** As it is stored; {@link #parse} reads it. */
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

  /** Reads what {@link #stored} wrote. A job of an earlier version has an empty one. */
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
