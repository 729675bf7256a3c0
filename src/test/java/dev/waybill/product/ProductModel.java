package dev.waybill.product;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The expected content of the table, in the slow and obvious way: one map of values for each sku.
 */
final class ProductModel {

  private static final Set<String> FIELDS =
      Set.of("sku", "name", "price", "quantity", "currency", "brand");

  private final Map<String, Map<String, String>> values = new HashMap<>();

  Outcome[] upsert(List<String> header, List<String[]> rows) {
    return rows.stream()
        .map(
            cells -> {
              String sku = cells[header.indexOf("sku")];
              Map<String, String> before = values.get(sku);
              Map<String, String> after = after(header, cells, before);
              values.put(sku, after);
              return outcome(before, after);
            })
        .toArray(Outcome[]::new);
  }

  Outcome[] compare(List<String> header, List<String[]> rows) {
    return rows.stream()
        .map(
            cells -> {
              Map<String, String> before = values.get(cells[header.indexOf("sku")]);
              return outcome(before, after(header, cells, before));
            })
        .toArray(Outcome[]::new);
  }

  Set<String> skus() {
    return values.keySet();
  }

  Map<String, Product> products() {
    Map<String, Product> products = new HashMap<>();
    values.forEach(
        (sku, of) -> {
          Map<String, String> attributes = new HashMap<>(of);
          attributes.keySet().removeAll(FIELDS);
          products.put(
              sku,
              new Product(
                  sku,
                  of.get("name"),
                  null,
                  of.containsKey("price") ? new BigDecimal(of.get("price")) : null,
                  of.get("currency"),
                  of.containsKey("quantity") ? Integer.valueOf(of.get("quantity")) : null,
                  null,
                  of.get("brand"),
                  null,
                  null,
                  attributes));
        });
    return products;
  }

  private static Map<String, String> after(
      List<String> header, String[] cells, @Nullable Map<String, String> before) {
    Map<String, String> after = before == null ? new HashMap<>() : new HashMap<>(before);
    for (int column = 0; column < cells.length; column++) {
      String name = header.get(column);
      String cell = cells[column].strip();
      if (cell.isEmpty()) {
        after.remove(name);
      } else {
        after.put(
            name,
            switch (name) {
              case "price" -> new BigDecimal(cell).stripTrailingZeros().toPlainString();
              case "quantity" -> Integer.valueOf(cell).toString();
              default -> cell;
            });
      }
    }
    return after;
  }

  private static Outcome outcome(@Nullable Map<String, String> before, Map<String, String> after) {
    return before == null
        ? Outcome.CREATED
        : before.equals(after) ? Outcome.UNCHANGED : Outcome.UPDATED;
  }
}
