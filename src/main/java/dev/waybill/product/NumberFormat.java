package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * How the numbers of one column are read. It is found once, from the first filled cells of the
 * column, and stored with the job, so that each attempt reads the same.
 *
 * @param decimal which sign separates the decimal places
 * @param threePlaces whether three decimal places are a form that the column has: {@code 1.234} is
 *     then no thousand
 * @param grouped whether thousands with the other sign are a form that the column has
 * @param requested whether {@code decimal=} asked for it
 */
public record NumberFormat(
    Decimal decimal, boolean threePlaces, boolean grouped, boolean requested) {

  /** Nothing is known: what can be read in two ways is rejected. */
  public static final NumberFormat UNKNOWN = new NumberFormat(Decimal.UNKNOWN, false, false, false);

  /** Which sign separates the decimal places of a column. */
  public enum Decimal {
    POINT,
    COMMA,
    /** The column has both: what can be read in one way only is read so. */
    MIXED,
    /** No cell of the sample showed it. */
    UNKNOWN
  }

  /** As {@code decimal=} asks. */
  public static NumberFormat requested(Decimal decimal) {
    return new NumberFormat(decimal, true, true, true);
  }

  /** The value of a cell that this format reads, or null. */
  public @Nullable String read(String cell) {
    NumberText text = NumberText.of(cell);
    return decimal == Decimal.COMMA ? text.byComma() : text.byPoint();
  }

  /** A number as the store writes it: a point, and decimal places only where there are some. */
  boolean isPlainPoint() {
    return decimal == Decimal.POINT && threePlaces;
  }
}
