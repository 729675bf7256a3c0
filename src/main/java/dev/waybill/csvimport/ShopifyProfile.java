package dev.waybill.csvimport;

import static dev.waybill.csvimport.AssembleProducts.cell;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.RowError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The format of an export of Shopify. Consecutive rows with the same handle are one product of the
 * shop. The first of these rows has the values that all variants share. In Waybill, each variant
 * becomes a product. A row that has only an image adds this image to all variants.
 */
final class ShopifyProfile implements ImportProfile {

  /** The name that Shopify gives to the only variant of a product without options. */
  private static final String NO_OPTION = "Default Title";

  /** Maps the column names of newer exports, in lower case, to the names of older exports. */
  private static final Map<String, String> NEWER =
      Map.ofEntries(
          Map.entry("url handle", "Handle"),
          Map.entry("description", "Body (HTML)"),
          Map.entry("published on online store", "Published"),
          Map.entry("sku", "Variant SKU"),
          Map.entry("barcode", "Variant Barcode"),
          Map.entry("price", "Variant Price"),
          Map.entry("compare-at price", "Variant Compare At Price"),
          Map.entry("inventory quantity", "Variant Inventory Qty"),
          Map.entry("inventory tracker", "Variant Inventory Tracker"),
          Map.entry("continue selling when out of stock", "Variant Inventory Policy"),
          Map.entry("fulfillment service", "Variant Fulfillment Service"),
          Map.entry("charge tax", "Variant Taxable"),
          Map.entry("tax code", "Variant Tax Code"),
          Map.entry("requires shipping", "Variant Requires Shipping"),
          Map.entry("weight value (grams)", "Variant Grams"),
          Map.entry("weight unit for display", "Variant Weight Unit"),
          Map.entry("unit price total measure", "Variant Unit Price Total Measure"),
          Map.entry("unit price total measure unit", "Variant Unit Price Total Measure Unit"),
          Map.entry("unit price base measure", "Variant Unit Price Base Measure"),
          Map.entry("unit price base measure unit", "Variant Unit Price Base Measure Unit"),
          Map.entry("product image url", "Image Src"),
          Map.entry("variant image url", "Variant Image"));

  /** The columns of a header under the names of older exports. */
  private static Columns older(List<String> header) {
    Columns columns = Columns.of(header);
    if (columns.find("URL handle") < 0 || columns.find("Handle") >= 0) {
      return columns;
    }
    return Columns.of(
        header.stream()
            .map(name -> NEWER.getOrDefault(name.strip().toLowerCase(Locale.ROOT), name))
            .toList());
  }

  @Override
  public String format() {
    return "shopify";
  }

  @Override
  public boolean recognises(List<String> header) {
    Columns columns = older(header);
    return columns.hasAll("Handle", "Title")
        && columns.hasAny(List.of("Variant SKU", "Variant Price"))
        && columns.hasAny(List.of("Option1 Name", "Option1 Value", "Image Src"));
  }

  @Override
  public Map<String, ColumnUse> columns(List<String> header) {
    Columns columns = older(header);
    Map<String, ColumnUse> uses = new LinkedHashMap<>();
    ColumnUses.put(
        uses,
        header,
        columns,
        columns.find("Variant SKU") < 0 ? "Handle" : "Variant SKU",
        Field.SKU);
    ColumnUses.put(uses, header, columns, "Title", Field.NAME);
    ColumnUses.put(uses, header, columns, "Body (HTML)", Field.DESCRIPTION);
    ColumnUses.put(uses, header, columns, "Variant Price", Field.PRICE);
    ColumnUses.put(uses, header, columns, "Variant Inventory Qty", Field.QUANTITY);
    ColumnUses.put(uses, header, columns, "Variant Barcode", Field.GTIN);
    ColumnUses.put(uses, header, columns, "Vendor", Field.BRAND);
    ColumnUses.put(uses, header, columns, "Image Src", Field.IMAGE_URL);
    ColumnUses.put(uses, header, columns, "Type", Field.CATEGORY);
    ColumnUses.keep(
        uses, header, columns, "Product Category", "Variant Image", "Image Position", "SEO Title");
    return uses;
  }

  @Override
  public AssembleProducts assembly(HeaderMapping mapping) {
    return new Assembly(mapping);
  }

  private static final class Assembly implements AssembleProducts {

    private final int handle;
    private final int title;
    private final int sku;
    private final int image;
    private final int variantImage;
    private final List<Integer> optionValues = new ArrayList<>();
    private final Set<Integer> ofVariant;
    private final Set<Integer> ofImage;
    private final List<Integer> shared = new ArrayList<>();

    Assembly(HeaderMapping mapping) {
      Columns columns = older(mapping.header());
      this.handle = columns.find("Handle");
      this.title = columns.find("Title");
      this.sku = mapping.columnOf(Field.SKU);
      this.image = columns.find("Image Src");
      this.variantImage = columns.find("Variant Image");
      for (int option = 1; option <= 3; option++) {
        int column = columns.find("Option" + option + " Value");
        if (column >= 0) {
          optionValues.add(column);
        }
      }
      this.ofVariant =
          new TreeSet<>(columns.startingWith("Variant SKU", "Variant Price", "Variant Barcode"));
      this.ofVariant.addAll(optionValues);
      this.ofImage = new TreeSet<>(columns.startingWith("Image "));
      Set<Integer> own = new TreeSet<>(ofVariant);
      own.addAll(ofImage);
      own.addAll(
          columns.startingWith(
              "Variant ",
              "Cost per item",
              "Price /",
              "Compare At",
              "Option1 Linked",
              "Option2 Linked",
              "Option3 Linked"));
      own.add(handle);
      own.add(sku);
      for (int column = 0; column < mapping.header().size(); column++) {
        if (!own.contains(column)) {
          shared.add(column);
        }
      }
    }

    @Override
    public boolean belongsTo(List<String[]> product, String[] cells) {
      String key = cell(cells, handle);
      return !key.isEmpty() && key.equals(cell(product.getFirst(), handle));
    }

    @Override
    public List<Part> assemble(List<String[]> rows) {
      String[] first = rows.getFirst();
      if (cell(first, title).isEmpty() && !cell(first, handle).isEmpty()) {
        RowError apart =
            new RowError(
                null,
                "handle-apart",
                "The rows of the handle %s that have its title do not stand directly above. Sort the file by handle."
                    .formatted(shown(cell(first, handle))),
                null);
        return rows.stream().<Part>map(_ -> new Part.Rejected(apart)).toList();
      }
      Set<String> images = new LinkedHashSet<>();
      rows.forEach(cells -> addTo(images, cell(cells, image)));
      return rows.stream().map(cells -> part(cells, first, images)).toList();
    }

    private Part part(String[] cells, String[] first, Set<String> images) {
      if (cells != first && isImageOnly(cells)) {
        return new Part.Merged();
      }
      for (int column : shared) {
        if (cells[column].isBlank()) {
          cells[column] = first[column];
        }
      }
      if (image >= 0) {
        Set<String> own = new LinkedHashSet<>();
        addTo(own, cell(cells, variantImage));
        own.addAll(images);
        cells[image] = String.join("\n", own);
      }
      if (cell(cells, sku).isEmpty() || sku == handle) {
        cells[sku] = skuOf(cells);
      }
      return new Part.Row(cells);
    }

    private static void addTo(Set<String> images, String image) {
      if (!image.isEmpty()) {
        images.add(image);
      }
    }

    /** Whether the row has an image, but no title and no values of a variant. */
    private boolean isImageOnly(String[] cells) {
      return !cell(cells, image).isEmpty()
          && cell(cells, title).isEmpty()
          && ofVariant.stream().allMatch(column -> cell(cells, column).isEmpty());
    }

    private String skuOf(String[] cells) {
      String options =
          optionValues.stream()
              .map(column -> cell(cells, column))
              .filter(value -> !value.isEmpty() && !value.equals(NO_OPTION))
              .collect(Collectors.joining(":"));
      String key = cell(cells, handle);
      return options.isEmpty() ? key : key + ":" + options;
    }

    private static String shown(String handle) {
      return "“" + (handle.length() <= 60 ? handle : handle.substring(0, 60) + "…") + "”";
    }
  }
}
