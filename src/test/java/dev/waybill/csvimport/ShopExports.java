package dev.waybill.csvimport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Exports with the columns that shop systems document: products with variants, several images and
 * translations. Each export comes with the products that it must become.
 */
public final class ShopExports {

  private static final String IMAGES = "https://cdn.example.com/";

  private ShopExports() {}

  /**
   * An export of one shop system.
   *
   * @param format the format that the job must report
   * @param header its columns
   * @param rows its cells
   * @param products the expected properties and attributes, by sku
   */
  public record Export(
      String format,
      char delimiter,
      List<String> header,
      List<List<String>> rows,
      Map<String, Map<String, String>> products) {

    @Override
    public String toString() {
      return format;
    }

    public String csv() {
      return Stream.concat(Stream.of(header), rows.stream())
          .map(
              cells -> cells.stream().map(this::quoted).collect(Collectors.joining("" + delimiter)))
          .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    /** The same cells as a workbook. */
    public List<List<String>> table() {
      return Stream.concat(Stream.of(header), rows.stream()).toList();
    }

    private String quoted(String cell) {
      boolean special = cell.indexOf(delimiter) >= 0 || cell.contains("\"") || cell.contains("\n");
      return special ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }
  }

  /** One export for each shop system. */
  public static List<Export> all(int products) {
    return List.<IntFunction<Export>>of(
            ShopExports::shopify,
            ShopExports::wooCommerce,
            ShopExports::googleMerchant,
            ShopExports::magento,
            ShopExports::own)
        .stream()
        .map(system -> system.apply(products))
        .toList();
  }

  private static final class Rows {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();
    private final Map<String, Map<String, String>> products = new LinkedHashMap<>();

    Rows(String columns) {
      this.header = List.of(columns.split("\\|"));
    }

    /** A row made from pairs of column and text; all other cells are blank. */
    void row(String... cells) {
      Map<String, String> named = pairs(cells);
      if (!header.containsAll(named.keySet())) {
        throw new IllegalArgumentException("no such column: " + named.keySet());
      }
      rows.add(header.stream().map(column -> named.getOrDefault(column, "")).toList());
    }

    void product(String sku, String... properties) {
      products.put(sku, pairs(properties));
    }

    Export export(String format, char delimiter) {
      return new Export(format, delimiter, header, rows, products);
    }

    private static Map<String, String> pairs(String... texts) {
      Map<String, String> pairs = new LinkedHashMap<>();
      for (int i = 0; i < texts.length; i += 2) {
        pairs.put(texts[i], texts[i + 1]);
      }
      return pairs;
    }
  }

  private static String name(int i) {
    return "Théière n° %d, \"große\"".formatted(i);
  }

  private static String description(int i) {
    return "<p>Holds %d ml,\nand more.</p>".formatted(100 + i);
  }

  private static String price(int i) {
    return "%d.%02d".formatted(1 + i * 7 % 2000, i * 13 % 100);
  }

  private static String gtin(int i) {
    return "40063813%05d".formatted(i);
  }

  private static int variants(int i) {
    return i % 4; // 0 variants means a product without options.
  }

  public static Export shopify(int products) {
    Rows to =
        new Rows(
            "Handle|Title|Body (HTML)|Vendor|Product Category|Type|Tags|Published|Option1 Name"
                + "|Option1 Value|Option2 Name|Option2 Value|Option3 Name|Option3 Value"
                + "|Variant SKU|Variant Grams|Variant Inventory Tracker|Variant Inventory Qty"
                + "|Variant Inventory Policy|Variant Fulfillment Service|Variant Price"
                + "|Variant Compare At Price|Variant Requires Shipping|Variant Taxable"
                + "|Variant Barcode|Image Src|Image Position|Image Alt Text|Gift Card|SEO Title"
                + "|SEO Description|Variant Image|Variant Weight Unit|Variant Tax Code"
                + "|Cost per item|Status");
    for (int i = 0; i < products; i++) {
      String handle = "tea-pot-" + i;
      String first = IMAGES + i + "-1.jpg";
      int all = Math.max(1, variants(i));
      for (int v = 0; v < all; v++) {
        boolean options = variants(i) > 0;
        // Some shops give their variants no sku.
        String given = i % 5 == 4 ? "" : "TP-%d-%d".formatted(i, v);
        String size = options ? "Size " + v : "Default Title";
        String sku = !given.isEmpty() ? given : options ? handle + ":" + size : handle;
        to.row(
            "Handle", handle,
            "Title", v == 0 ? name(i) : "",
            "Body (HTML)", v == 0 ? description(i) : "",
            "Vendor", v == 0 ? "Acme" : "",
            "Type", v == 0 ? "Tea pots" : "",
            "Published", v == 0 ? "true" : "",
            "Option1 Name", v == 0 ? options ? "Size" : "Title" : "",
            "Option1 Value", size,
            "Variant SKU", given,
            "Variant Inventory Qty", "" + (i % 9 - 2),
            "Variant Price", price(i + v),
            "Variant Barcode", "'" + gtin(i * 4 + v),
            "Image Src", v == 0 ? first : "",
            "Image Position", v == 0 ? "1" : "",
            "Status", v == 0 ? "active" : "");
        to.product(
            sku,
            "name",
            name(i),
            "description",
            description(i),
            "brand",
            "Acme",
            "category",
            "Tea pots",
            "price",
            price(i + v),
            "quantity",
            "" + (i % 9 - 2),
            "gtin",
            gtin(i * 4 + v));
        if (v == 0) {
          to.products.get(sku).put("imageUrl", first);
        }
        if (options) {
          to.products.get(sku).put("Option1 Value", size);
        }
      }
      for (int image = 2; image < 2 + i % 3; image++) {
        to.row(
            "Handle", handle,
            "Image Src", IMAGES + i + "-" + image + ".jpg",
            "Image Position", "" + image);
      }
    }
    return to.export("shopify", ',');
  }

  public static Export wooCommerce(int products) {
    Rows to =
        new Rows(
            "ID|Type|SKU|GTIN, UPC, EAN, or ISBN|Name|Published|Is featured?"
                + "|Visibility in catalog|Short description|Description|Date sale price starts"
                + "|Date sale price ends|Tax status|Tax class|In stock?|Stock|Low stock amount"
                + "|Backorders allowed?|Sold individually?|Weight (kg)|Length (cm)|Width (cm)"
                + "|Height (cm)|Allow customer reviews?|Purchase note|Sale price|Regular price"
                + "|Categories|Tags|Shipping class|Images|Download limit|Download expiry days"
                + "|Parent|Grouped products|Upsells|Cross-sells|External URL|Button text|Position"
                + "|Attribute 1 name|Attribute 1 value(s)|Attribute 1 visible"
                + "|Attribute 1 global");
    int id = 10;
    for (int i = 0; i < products; i++) {
      int parent = id++;
      boolean variable = variants(i) > 0;
      String sku = i % 5 == 4 ? "" : "WC-" + i;
      String images = IMAGES + i + "-1.jpg, " + IMAGES + i + "-2.jpg";
      to.row(
          "ID",
          "" + parent,
          "Type",
          variable ? "variable" : "simple",
          "SKU",
          sku,
          "Name",
          name(i),
          "Published",
          "1",
          "Visibility in catalog",
          "visible",
          "Description",
          description(i),
          "In stock?",
          "1",
          "Stock",
          variable ? "" : "" + i,
          "Regular price",
          variable ? "" : price(i),
          "Sale price",
          variable ? "" : "0.55",
          "Categories",
          "Kitchen, Kitchen > Tea",
          "Images",
          images);
      String key = sku.isEmpty() ? "id:" + parent : sku;
      to.product(
          key,
          "name",
          name(i),
          "description",
          description(i),
          "category",
          "Kitchen, Kitchen > Tea",
          "imageUrl",
          IMAGES + i + "-1.jpg",
          "more_images",
          IMAGES + i + "-2.jpg");
      if (!variable) {
        to.products.get(key).put("price", price(i));
        to.products.get(key).put("quantity", "" + i);
        to.products.get(key).put("Sale price", "0.55");
      }
      for (int v = 0; v < variants(i); v++) {
        int variation = id++;
        String own = i % 5 == 4 ? "" : "WC-%d-%d".formatted(i, v);
        to.row(
            "ID",
            "" + variation,
            "Type",
            "variation",
            "SKU",
            own,
            "GTIN, UPC, EAN, or ISBN",
            gtin(variation),
            "Name",
            v == 0 ? "" : name(i) + " - " + v,
            "Published",
            "1",
            "Visibility in catalog",
            "visible",
            "In stock?",
            "1",
            "Stock",
            "" + v,
            "Regular price",
            price(i + v),
            "Parent",
            sku.isEmpty() ? "id:" + parent : sku,
            "Attribute 1 name",
            "Size",
            "Attribute 1 value(s)",
            "" + v);
        to.product(
            own.isEmpty() ? "id:" + variation : own,
            "name",
            v == 0 ? name(i) : name(i) + " - " + v,
            "price",
            price(i + v),
            "quantity",
            "" + v,
            "gtin",
            gtin(variation));
      }
    }
    return to.export("woocommerce", ',');
  }

  public static Export googleMerchant(int products) {
    Rows to =
        new Rows(
            "id|title|description|link|condition|price|availability|image link|gtin|mpn|brand"
                + "|google product category|item group id|additional image link|sale price");
    for (int i = 0; i < products; i++) {
      for (int v = 0; v < Math.max(1, variants(i)); v++) {
        String id = "GM-%d-%d".formatted(i, v);
        to.row(
            "id",
            id,
            "title",
            name(i),
            "description",
            "Holds %d ml".formatted(i),
            "link",
            "https://shop.example.com/" + i,
            "condition",
            "new",
            "price",
            price(i + v) + " EUR",
            "availability",
            "in_stock",
            "image link",
            IMAGES + i + "-1.jpg",
            "gtin",
            gtin(i * 4 + v),
            "brand",
            "Acme",
            "google product category",
            "Home & Garden > Kitchen",
            "item group id",
            variants(i) > 0 ? "GM-" + i : "");
        to.product(
            id,
            "name",
            name(i),
            "description",
            "Holds %d ml".formatted(i),
            "price",
            price(i + v),
            "currency",
            "EUR",
            "imageUrl",
            IMAGES + i + "-1.jpg",
            "gtin",
            gtin(i * 4 + v),
            "brand",
            "Acme",
            "category",
            "Home & Garden > Kitchen");
      }
    }
    return to.export("google-merchant", '\t');
  }

  public static Export magento(int products) {
    Rows to =
        new Rows(
            "sku|store_view_code|attribute_set_code|product_type|categories|product_websites|name"
                + "|description|short_description|weight|product_online|tax_class_name|visibility"
                + "|price|special_price|url_key|meta_title|base_image|additional_images|qty"
                + "|is_in_stock|configurable_variations");
    for (int i = 0; i < products; i++) {
      for (int v = 0; v < Math.max(1, variants(i)); v++) {
        String sku = "MG-%d-%d".formatted(i, v);
        to.row(
            "sku",
            sku,
            "attribute_set_code",
            "Default",
            "product_type",
            "simple",
            "categories",
            "Default Category/Tea,Default Category/New",
            "product_websites",
            "base",
            "name",
            name(i),
            "description",
            description(i),
            "price",
            price(i + v) + "00",
            "url_key",
            "tea-pot-%d-%d".formatted(i, v),
            "base_image",
            "/t/e/%d.jpg".formatted(i),
            "qty",
            i + ".0000");
        for (String language : List.of("de", "fr", "pl").subList(0, i % 4 == 3 ? 3 : i % 2)) {
          to.row(
              "sku",
              sku,
              "store_view_code",
              language,
              "attribute_set_code",
              "Default",
              "product_type",
              "simple",
              "name",
              "In " + language,
              "price",
              "9999.0000",
              "url_key",
              language + "-" + i);
        }
        to.product(
            sku,
            "name",
            name(i),
            "description",
            description(i),
            "category",
            "Default Category/Tea,Default Category/New",
            "price",
            price(i + v),
            "quantity",
            "" + i,
            "url_key",
            "tea-pot-%d-%d".formatted(i, v),
            "base_image",
            "/t/e/%d.jpg".formatted(i));
      }
    }
    return to.export("magento", ',');
  }

  public static Export own(int products) {
    Rows to = new Rows(String.join("|", OwnListProfile.CATALOGUE));
    IntStream.range(0, products)
        .forEach(
            i -> {
              to.row(
                  "sku",
                  "OW-" + i,
                  // Waybill's own lists put an apostrophe before a cell that a spreadsheet would
                  // run as a formula.
                  "name",
                  i % 2 == 0 ? "'=" + name(i) : name(i),
                  "description",
                  description(i),
                  "price",
                  price(i),
                  "currency",
                  "EUR",
                  "quantity",
                  "" + (i - 3),
                  "image_url",
                  IMAGES + i + "-1.jpg",
                  "attributes",
                  "{\"Farbe\":\"blau \\\"%d\\\"\",\"more_images\":\"b\"}".formatted(i));
              to.product(
                  "OW-" + i,
                  "name",
                  i % 2 == 0 ? "=" + name(i) : name(i),
                  "description",
                  description(i),
                  "price",
                  price(i),
                  "currency",
                  "EUR",
                  "quantity",
                  "" + (i - 3),
                  "imageUrl",
                  IMAGES + i + "-1.jpg",
                  "Farbe",
                  "blau \"%d\"".formatted(i),
                  "more_images",
                  "b");
            });
    return to.export("waybill", ',');
  }
}
