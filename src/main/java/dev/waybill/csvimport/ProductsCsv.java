package dev.waybill.csvimport;

import dev.waybill.csv.CsvOutput;
import dev.waybill.product.Field;
import dev.waybill.product.Product;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The accepted rows of a job as a table: {@code row,result}, the fields, the attributes. */
@Component
@RequiredArgsConstructor
class ProductsCsv {

  private final JsonMapper json;

  void writeHeader(OutputStream out) throws IOException {
    List<String> header = new ArrayList<>(List.of("row", "result"));
    Arrays.stream(Field.values()).map(Field::column).forEach(header::add);
    header.add("attributes");
    new CsvOutput(out).row(header);
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
    Product product = row.product();
    for (Field field : Field.values()) {
      cells.add(product != null ? text(product, field) : field == Field.SKU ? row.sku() : "");
    }
    cells.add(product == null ? "" : json.writeValueAsString(product.attributes()));
    return cells;
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
