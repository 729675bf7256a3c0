package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.HeaderMapping;
import java.util.List;
import java.util.Map;

/**
 * The format of any table that has no other known format. Each row is a product, and columns are
 * recognised by their names.
 */
final class GeneralProfile implements ImportProfile {

  @Override
  public String format() {
    return "general";
  }

  @Override
  public boolean recognises(List<String> header) {
    return true;
  }

  @Override
  public Map<String, ColumnUse> columns(List<String> header) {
    return Map.of();
  }

  @Override
  public AssembleProducts assembly(HeaderMapping mapping) {
    return AssembleProducts.ROW_BY_ROW;
  }
}
