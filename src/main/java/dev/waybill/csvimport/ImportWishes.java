package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.NumberFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of an uploading caller about the content of the file.
 *
 * @param columns the use of each column that the caller names
 * @param byIndex the use of columns by their index, from 0
 * @param inherited the use of columns in an earlier import of these rows, by the name of the
 *     column; columns that the file does not have are ignored
 * @param numbers the number formats with which an earlier import of these rows read prices and
 *     quantities. A field is missing if that import had no column for the field
 * @param decimal the decimal separator; null to use {@code numbers}, or to detect the separator
 * @param keepBlank true if a blank cell leaves the stored value unchanged; false if a blank cell
 *     clears the value
 * @param dropBadCells true if an invalid optional cell is left out; false if an invalid cell
 *     rejects its row
 */
public record ImportWishes(
    Map<String, ColumnUse> columns,
    Map<Integer, ColumnUse> byIndex,
    Map<String, ColumnUse> inherited,
    Map<Field, NumberFormat> numbers,
    NumberFormat.@Nullable Decimal decimal,
    boolean keepBlank,
    boolean dropBadCells) {

  public static final ImportWishes NONE =
      new ImportWishes(Map.of(), Map.of(), Map.of(), Map.of(), null, false, false);
}
