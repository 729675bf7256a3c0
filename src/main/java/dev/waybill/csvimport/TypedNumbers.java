package dev.waybill.csvimport;

import dev.waybill.product.NumberFormat;
import dev.waybill.product.NumberFormat.Decimal;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The information of a sheet about its numbers. A text file has no such information. When a sheet
 * is converted to text, a cell that is stored as a number gets a decimal point. This is also the
 * case if the other cells of the column have a decimal comma.
 *
 * @param numbers the columns (from 0) with numbers that are shown with a separator
 * @param textNumbers the columns (from 0) with texts that may be numbers with a separator
 */
public record TypedNumbers(BitSet numbers, BitSet textNumbers) {

  public static TypedNumbers of(List<Integer> numbers, List<Integer> textNumbers) {
    return new TypedNumbers(columns(numbers), columns(textNumbers));
  }

  private static BitSet columns(List<Integer> of) {
    BitSet columns = new BitSet();
    of.forEach(columns::set);
    return columns;
  }

  /**
   * The same information without the given columns (from 1), which have no name and are not
   * imported.
   */
  TypedNumbers ofColumns(List<Integer> unnamed) {
    return new TypedNumbers(without(numbers, unnamed), without(textNumbers, unnamed));
  }

  private static BitSet without(BitSet columns, List<Integer> unnamed) {
    BitSet kept = new BitSet();
    int left = 0;
    for (int column = 0; column < columns.length(); column++) {
      if (unnamed.contains(column + 1)) {
        left++;
      } else {
        kept.set(column - left, columns.get(column));
      }
    }
    return kept;
  }

  /**
   * The format in which the numbers of a column are read.
   *
   * @param sampled the format that the first cells of the column suggest; null if these cells do
   *     not determine the format
   */
  @Nullable NumberFormat format(int column, @Nullable NumberFormat sampled) {
    if (!textNumbers.get(column)) {
      return new NumberFormat(Decimal.POINT, true, true, false);
    }
    boolean byPoint = sampled != null && sampled.decimal() == Decimal.POINT;
    if (!numbers.get(column) || byPoint) {
      return sampled;
    }
    // A stored number 1.234 and a text 1.234 look the same in the converted file, but may mean
    // different numbers. So every such cell is rejected.
    return new NumberFormat(Decimal.MIXED, false, false, false);
  }
}
