package dev.waybill.csvimport;

import static dev.waybill.csvimport.AssembleProducts.cell;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.product.CellNote;
import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.HeaderMapping;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * The format of an export of WooCommerce. The rows of the variations follow a row of type variable.
 * Each variation refers to the row of type variable in the column Parent, by the sku of that row or
 * as {@code id:11}. In Waybill, each row becomes a product.
 */
final class WooCommerceProfile implements ImportProfile {

  private static final String FILE = "woocommerce.properties";

  /** Maps the translated column names, in lower case, to the original English column names. */
  private static final Map<String, String> ORIGINALS = read();

  /** The columns of a header under their original names. */
  private static Columns english(List<String> header) {
    return Columns.of(
        header.stream()
            .map(name -> ORIGINALS.getOrDefault(name.strip().toLowerCase(Locale.ROOT), name))
            .toList());
  }

  private static Map<String, String> read() {
    Properties file = new Properties();
    try (InputStream in = WooCommerceProfile.class.getResourceAsStream(FILE)) {
      file.load(new InputStreamReader(Objects.requireNonNull(in, FILE), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> originals = new HashMap<>();
    for (String original : file.stringPropertyNames()) {
      for (String name : file.getProperty(original).split("\\|")) {
        String other = originals.put(name.strip(), original);
        if (other != null) {
          throw new IllegalStateException(
              "%s: “%s” is %s and %s".formatted(FILE, name.strip(), other, original));
        }
      }
    }
    return Map.copyOf(originals);
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
     * Matches a stock with decimal places, such as a weight or a length. Such a stock cannot be a
     * quantity, because a quantity must be a whole number.
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
          // Replaces the two characters \n, because the export writes them in place of a line end.
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
