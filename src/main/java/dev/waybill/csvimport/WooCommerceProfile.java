package dev.waybill.csvimport;

import static dev.waybill.csvimport.AssembleProducts.cell;

import dev.waybill.product.CellNote;
import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.HeaderMapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An export of WooCommerce. The rows of the variations follow a row of type variable. Each
 * variation refers to that row in the column Parent, by the sku of that row or as {@code id:11}. In
 * Waybill, each row becomes a product.
 */
final class WooCommerceProfile implements ImportProfile {

  /**
   * Maps the column names of the German version, which translates the header, to the original
   * names.
   */
  private static final Map<String, String> GERMAN =
      Map.ofEntries(
          Map.entry("typ", "Type"),
          Map.entry("artikelnummer", "SKU"),
          Map.entry("gtin, upc, ean oder isbn", "GTIN, UPC, EAN, or ISBN"),
          Map.entry("sichtbarkeit im katalog", "Visibility in catalog"),
          Map.entry("kurzbeschreibung", "Short description"),
          Map.entry("beschreibung", "Description"),
          Map.entry("lager", "Stock"),
          Map.entry("lagerbestand", "Stock"),
          Map.entry("bestand", "Stock"),
          Map.entry("angebotspreis", "Sale price"),
          Map.entry("regulärer preis", "Regular price"),
          Map.entry("normaler preis", "Regular price"),
          Map.entry("kategorien", "Categories"),
          Map.entry("schlagwörter", "Tags"),
          Map.entry("marken", "Brands"),
          Map.entry("bilder", "Images"),
          Map.entry("übergeordnet", "Parent"),
          Map.entry("übergeordnetes produkt", "Parent"),
          Map.entry("eltern", "Parent"));

  /** The columns of a header under their original names. */
  private static Columns english(List<String> header) {
    return Columns.of(
        header.stream()
            .map(name -> GERMAN.getOrDefault(name.strip().toLowerCase(Locale.ROOT), name))
            .toList());
  }

  @Override
  public String format() {
    return "woocommerce";
  }

  @Override
  public boolean recognises(List<String> header) {
    return english(header)
        .hasAll("ID", "Type", "SKU", "Name", "Regular price", "Visibility in catalog");
  }

  @Override
  public Map<String, ColumnUse> columns(List<String> header) {
    Columns columns = english(header);
    Map<String, ColumnUse> uses = new LinkedHashMap<>();
    ColumnUses.put(uses, header, columns, "SKU", Field.SKU);
    ColumnUses.put(uses, header, columns, "Name", Field.NAME);
    ColumnUses.put(uses, header, columns, "Description", Field.DESCRIPTION);
    ColumnUses.put(uses, header, columns, "Regular price", Field.PRICE);
    ColumnUses.put(uses, header, columns, "Stock", Field.QUANTITY);
    ColumnUses.put(uses, header, columns, "Categories", Field.CATEGORY);
    ColumnUses.put(uses, header, columns, "Images", Field.IMAGE_URL);
    ColumnUses.put(uses, header, columns, "Brands", Field.BRAND);
    ColumnUses.put(uses, header, columns, "GTIN, UPC, EAN, or ISBN", Field.GTIN);
    ColumnUses.keep(uses, header, columns, "Sale price", "Short description", "Type", "Tags");
    return uses;
  }

  @Override
  public AssembleProducts assembly(HeaderMapping mapping) {
    Columns columns = english(mapping.header());
    return new Assembly(
        mapping.header(),
        mapping.columnOf(Field.SKU),
        mapping.columnOf(Field.QUANTITY),
        columns.find("ID"),
        columns.find("Name"),
        columns.find("Parent"),
        columns.startingWith("Description", "Short description"));
  }

  private record Assembly(
      List<String> header, int sku, int stock, int id, int name, int parent, List<Integer> texts)
      implements AssembleProducts {

    /**
     * Matches a stock with decimal places, such as a weight or a length. It cannot be a quantity,
     * because a quantity must be a whole number.
     */
    private static final Pattern FRACTION = Pattern.compile("-?\\d+[.,]\\d*[1-9]\\d*");

    @Override
    public boolean belongsTo(List<String[]> product, String[] cells) {
      String wanted = cell(cells, parent);
      String[] first = product.getFirst();
      return !wanted.isEmpty()
          && (wanted.equals(cell(first, sku)) || wanted.equals("id:" + cell(first, id)));
    }

    @Override
    public List<Part> assemble(List<String[]> rows) {
      String[] first = rows.getFirst();
      for (String[] cells : rows) {
        if (cell(cells, name).isEmpty() && cells != first) {
          cells[name] = first[name];
        }
        for (int text : texts) {
          // The export has the two characters \n in place of a line end.
          cells[text] = cells[text].replace("\\n", "\n");
        }
      }
      for (String[] cells : rows) {
        if (cell(cells, sku).isEmpty() && !cell(cells, id).isEmpty()) {
          cells[sku] = "id:" + cell(cells, id);
        }
      }
      return rows.stream().<Part>map(this::row).toList();
    }

    private Part.Row row(String[] cells) {
      if (!FRACTION.matcher(cell(cells, stock)).matches()) {
        return new Part.Row(cells);
      }
      cells[stock] = "";
      return new Part.Row(cells, List.of(new CellNote(CellNote.Kind.DROPPED, header.get(stock))));
    }
  }
}
