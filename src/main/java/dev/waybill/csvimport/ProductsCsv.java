package dev.waybill.csvimport;

import dev.waybill.csv.CsvOutput;
import dev.waybill.product.Field;
import dev.waybill.product.Product;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes products as a table: the fields, then the attributes. For the accepted rows of a job, the
 * columns {@code row,result} come first.
 */
@Component
@RequiredArgsConstructor
class ProductsCsv {

  private final JsonMapper json;

  void writeHeader(OutputStream out) throws IOException {
    new CsvOutput(out).row(OwnListProfile.OF_JOB);
  }

  void writeCatalogueHeader(OutputStream out) throws IOException {
    new CsvOutput(out).row(OwnListProfile.CATALOGUE);
  }

  void writeCatalogue(List<Product> products, OutputStream out) throws IOException {
    CsvOutput csv = new CsvOutput(out);
    for (Product product : products) {
      List<String> cells = new ArrayList<>();
      addProduct(product, product.sku(), cells);
      csv.row(cells);
    }
  }

  void write(List<ImportedRow> rows, OutputStream out) throws IOException {
    CsvOutput csv = new CsvOutput(out);
    for (ImportedRow row : rows) {
      csv.row(cells(row));
    }
  }

  private List<String> cells(ImportedRow row) {
    List<String> cells = new ArrayList<>();
    cells.add(Long.toString(row.row()));
    cells.add(row.result());
    addProduct(row.product(), row.sku(), cells);
    return cells;
  }

  private void addProduct(@Nullable Product product, String sku, List<String> cells) {
    for (Field field : Field.values()) {
      cells.add(product != null ? text(product, field) : field == Field.SKU ? sku : "");
    }
    cells.add(product == null ? "" : json.writeValueAsString(product.attributes()));
  }

  private static String text(Product product, Field field) {
    return text(
        switch (field) {
          case SKU -> product.sku();
          case NAME -> product.name();
          case DESCRIPTION -> product.description();
          case PRICE -> product.price();
          case CURRENCY -> product.currency();
          case QUANTITY -> product.quantity();
          case CATEGORY -> product.category();
          case BRAND -> product.brand();
          case GTIN -> product.gtin();
          case IMAGE_URL -> product.imageUrl();
        });
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      default -> value.toString();
    };
  }
}
