package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * The way in which the numbers of one column are read. The format is determined once, from the
 * first filled cells of the column. It is stored with the job, so that each attempt reads the same
 * values.
 *
 * @param decimal the character that separates the decimal places
 * @param threePlaces whether the column contains numbers with three decimal places. If so, {@code
 *     1.234} in a column with a decimal point has three decimal places and does not mean 1234
 * @param grouped whether the column groups thousands with the other character
 * @param requested whether the parameter {@code decimal=} asked for this format
 */
public record NumberFormat(
    Decimal decimal, boolean threePlaces, boolean grouped, boolean requested) {

  /** Nothing is known about the column. A cell that can be read in two ways is rejected. */
  public static final NumberFormat UNKNOWN = new NumberFormat(Decimal.UNKNOWN, false, false, false);

  /** The character that separates the decimal places of a column. */
  public enum Decimal {
    POINT,
    COMMA,
    /**
     * The column uses both characters as decimal separators. A cell is accepted only if it can be
     * read in just one way.
     */
    MIXED,
    /** No cell of the sample showed which character it is. */
    UNKNOWN
  }

  /** The format that the parameter {@code decimal=} asks for. */
  public static NumberFormat requested(Decimal decimal) {
    return new NumberFormat(decimal, true, true, true);
  }

  /** The value of a cell in this format, or null if the cell is not a number in this format. */
  public @Nullable String read(String cell) {
    NumberText text = NumberText.of(cell);
    return decimal == Decimal.COMMA ? text.byComma() : text.byPoint();
  }

  /**
   * Whether a point in this column is always a decimal point, even if exactly three digits follow.
   */
  boolean isPlainPoint() {
    return decimal == Decimal.POINT && threePlaces;
  }
}
