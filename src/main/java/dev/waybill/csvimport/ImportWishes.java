package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.NumberFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of an upload says about its content.
 *
 * @param columns what each named column is used for
 * @param byIndex what columns are used for by their places, from 0
 * @param decimal the sign before decimal places; null to find it
 * @param keepBlank whether a blank cell leaves a stored value alone; otherwise it clears it
 * @param dropBadCells whether a bad optional cell is left out; otherwise it rejects its row
 */
public record ImportWishes(
    Map<String, ColumnUse> columns,
    Map<Integer, ColumnUse> byIndex,
    NumberFormat.@Nullable Decimal decimal,
    boolean keepBlank,
    boolean dropBadCells) {

  public static final ImportWishes NONE = new ImportWishes(Map.of(), Map.of(), null, false, false);
}
