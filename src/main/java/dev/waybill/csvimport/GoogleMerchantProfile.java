package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.HeaderMapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The format of a product feed for Google Merchant Center. The delimiter is usually a tab. */
final class GoogleMerchantProfile implements ImportProfile {

  @Override
  public String format() {
    return "google-merchant";
  }

  @Override
  public boolean recognises(List<String> header) {
    Columns columns = Columns.of(header);
    return columns.hasAll("id", "title", "price", "availability")
        && columns.hasAny(List.of("link", "image link", "condition", "gtin", "mpn"))
        && columns.find("sku") < 0;
  }

  @Override
  public Map<String, ColumnUse> columns(List<String> header) {
    Columns columns = Columns.of(header);
    boolean ownType = columns.find("google product category") < 0;
    Map<String, ColumnUse> uses = new LinkedHashMap<>();
    ColumnUses.put(uses, header, columns, "id", Field.SKU);
    ColumnUses.put(uses, header, columns, "title", Field.NAME);
    ColumnUses.put(uses, header, columns, "image link", Field.IMAGE_URL);
    ColumnUses.put(
        uses,
        header,
        columns,
        ownType ? "product type" : "google product category",
        Field.CATEGORY);
    return uses;
  }

  @Override
  public AssembleProducts assembly(HeaderMapping mapping) {
    return AssembleProducts.ROW_BY_ROW;
  }
}
