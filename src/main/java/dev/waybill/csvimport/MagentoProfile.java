package dev.waybill.csvimport;

import static dev.waybill.csvimport.AssembleProducts.cell;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.HeaderMapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The format of an export of Magento 2 or 1. Each product has one row for all store views, and one
 * more row for each store view that translates it. Only the row for all store views is imported.
 */
final class MagentoProfile implements ImportProfile {

  private static final String STORE_VIEW = "store_view_code";

  /**
   * The name of the store view column in Magento 1. In the row for all store views, this column
   * contains {@code admin}.
   */
  private static final String STORE = "store";

  private static final String ALL_STORES = "admin";

  @Override
  public String format() {
    return "magento";
  }

  @Override
  public boolean recognises(List<String> header) {
    Columns columns = Columns.of(header);
    // Two columns must be enough, because users leave out columns when they export. Two columns are
    // enough, because no other system has a column store_view_code.
    return columns.hasAll("sku", STORE_VIEW)
        || columns.hasAll("sku", STORE, "websites", "attribute_set", "type");
  }

  @Override
  public Map<String, ColumnUse> columns(List<String> header) {
    Columns columns = Columns.of(header);
    Map<String, ColumnUse> uses = new LinkedHashMap<>();
    ColumnUses.put(uses, header, columns, "sku", Field.SKU);
    ColumnUses.put(uses, header, columns, "name", Field.NAME);
    ColumnUses.put(uses, header, columns, "price", Field.PRICE);
    ColumnUses.put(uses, header, columns, "qty", Field.QUANTITY);
    ColumnUses.put(uses, header, columns, "categories", Field.CATEGORY);
    ColumnUses.put(uses, header, columns, "manufacturer", Field.BRAND);
    // Keeps these columns as attributes and does not use them as image addresses. These columns
    // contain paths in the folder of the shop, not URLs.
    ColumnUses.keep(
        uses,
        header,
        columns,
        "base_image",
        "small_image",
        "thumbnail_image",
        "product_type",
        "image",
        "thumbnail",
        "type");
    return uses;
  }

  @Override
  public AssembleProducts assembly(HeaderMapping mapping) {
    Columns columns = Columns.of(mapping.header());
    int storeView = columns.find(STORE_VIEW);
    return new Assembly(columns.find("sku"), storeView >= 0 ? storeView : columns.find(STORE));
  }

  private record Assembly(int sku, int storeView) implements AssembleProducts {

    @Override
    public boolean belongsTo(List<String[]> product, String[] cells) {
      return isTranslation(cells)
          && cell(product.getFirst(), sku).equals(cell(cells, sku))
          && !cell(cells, sku).isEmpty();
    }

    @Override
    public List<Part> assemble(List<String[]> rows) {
      return rows.stream()
          .<Part>map(
              cells ->
                  isTranslation(cells)
                      ? new Part.Skipped(
                          "translation-rows",
                          "Rows of single store views translate products. They were left out; the"
                              + " products keep the texts for all store views.")
                      : new Part.Row(cells))
          .toList();
    }

    private boolean isTranslation(String[] cells) {
      String view = cell(cells, storeView);
      return !view.isEmpty() && !view.equalsIgnoreCase(ALL_STORES);
    }
  }
}
