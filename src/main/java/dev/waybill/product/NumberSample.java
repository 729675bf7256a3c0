package dev.waybill.product;

import dev.waybill.product.NumberFormat.Decimal;
import org.jspecify.annotations.Nullable;

/** Determines the number format of a column from the first filled cells of the column. */
public final class NumberSample {

  /** The number of filled cells that are examined. */
  public static final int CELLS = 1000;

  private int filled;
  private int numbers;
  private int onlyByPoint;
  private int onlyByComma;
  private boolean pointThreePlaces;
  private boolean commaThreePlaces;
  private boolean groupedByComma;
  private boolean groupedByPoint;
  private boolean hasCurrency;
  private @Nullable String undecided;

  /**
   * Examines the next cell of the column. Ignores blank cells, and all cells after the sample is
   * full.
   */
  public void add(String cell) {
    String text = cell.strip();
    if (text.isEmpty() || isFull() || CellWords.isBlankLike(text)) {
      return;
    }
    filled++;
    NumberText number = NumberText.of(CellWords.unwrapped(text));
    if (number.byPoint() == null && number.byComma() == null) {
      return;
    }
    numbers++;
    hasCurrency |= number.currency() != null;
    boolean hasComma = text.indexOf(',') >= 0;
    boolean hasPoint = text.indexOf('.') >= 0;
    if (number.byComma() == null) {
      onlyByPoint++;
    } else if (number.byPoint() == null) {
      onlyByComma++;
    } else if (number.isAmbiguous() && undecided == null) {
      undecided = text;
    }
    if (number.byPoint() != null) {
      pointThreePlaces |= hasPoint && placesAfter(text, '.') == 3;
      groupedByComma |= hasComma;
    }
    if (number.byComma() != null) {
      commaThreePlaces |= hasComma && placesAfter(text, ',') == 3;
      groupedByPoint |= hasPoint;
    }
  }

  public boolean isFull() {
    return filled >= CELLS;
  }

  /** Whether at least one number has a currency beside it. */
  public boolean hasCurrency() {
    return hasCurrency;
  }

  /** Whether at least half of the filled cells are numbers; true if no cell is filled. */
  boolean looksLikeNumbers() {
    return 2 * numbers >= filled;
  }

  /**
   * The format of the column. Null if some cells can be read in two ways and no cell shows which
   * way is correct.
   */
  public @Nullable NumberFormat format() {
    if (onlyByPoint > 0 && onlyByComma > 0) {
      return new NumberFormat(Decimal.MIXED, false, false, false);
    }
    if (onlyByPoint > 0) {
      return new NumberFormat(Decimal.POINT, pointThreePlaces, groupedByComma, false);
    }
    if (onlyByComma > 0) {
      return new NumberFormat(Decimal.COMMA, commaThreePlaces, groupedByPoint, false);
    }
    return undecided == null ? NumberFormat.UNKNOWN : null;
  }

  /** The first cell that can be read in two ways, in the form in which the file contains it. */
  public @Nullable String undecidedCell() {
    return undecided;
  }

  private static int placesAfter(String text, char decimal) {
    int places = 0;
    for (int i = text.lastIndexOf(decimal) + 1; i < text.length(); i++) {
      if (!Character.isDigit(text.charAt(i))) {
        break;
      }
      places++;
    }
    return places;
  }
}
