package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * The format in which the numbers of one column are read. The format is determined one time, from
 * the first filled cells of the column. The format is stored with the job, so that each attempt
 * reads the same values.
 *
 * @param decimal the character that separates the decimal places
 * @param threePlaces whether the column contains numbers with three decimal places. If it does,
 *     {@code 1.234} in a column with a decimal point has three decimal places and does not mean
 *     1234
 * @param grouped whether the column groups thousands with the other of the two characters point and
 *     comma
 * @param requested whether the parameter {@code decimal=} requested this format
 */
public record NumberFormat(
    Decimal decimal, boolean threePlaces, boolean grouped, boolean requested) {

  /**
   * The format for a column about which nothing is known. A cell that can be read in two ways is
   * rejected.
   */
  public static final NumberFormat UNKNOWN = new NumberFormat(Decimal.UNKNOWN, false, false, false);

  /** The character that separates the decimal places of a column. */
  public enum Decimal {
    POINT,
    COMMA,
    /**
     * The column uses both point and comma as decimal separators. A cell is accepted only if it can
     * be read in just one way.
     */
    MIXED,
    /** No cell of the sample showed which character separates the decimal places. */
    UNKNOWN
  }

  /** The format that the parameter {@code decimal=} requests. */
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
