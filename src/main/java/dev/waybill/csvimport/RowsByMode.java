package dev.waybill.csvimport;

import static java.util.stream.Collectors.toSet;

import dev.waybill.product.Field;
import dev.waybill.product.GlancedProduct;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRow;
import dev.waybill.product.ProductRows;
import dev.waybill.product.ProductStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import lombok.RequiredArgsConstructor;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;

/**
 * Passes to the store only the rows that the mode of an import allows, and rejects the other rows.
 */
@Component
@RequiredArgsConstructor
class RowsByMode {

  private final ProductStore products;

  /**
   * Writes or compares the rows that the mode allows.
   *
   * @param store a function that writes or compares the rows that it gets
   * @return the outcomes, in the order of the rows
   * @throws PessimisticLockingFailureException if another import created or deleted one of the
   *     products at the same time; the caller then repeats the transaction
   */
  Outcome[] write(
      ImportPolicy.Mode mode,
      HeaderMapping mapping,
      ProductRows rows,
      Function<ProductRows, Outcome[]> store) {
    return switch (mode) {
      case UPSERT -> store.apply(rows);
      case CREATE -> some(rows, wanted(mapping, rows), store, Outcome.SKU_EXISTS, Outcome.CREATED);
      case UPDATE -> {
        Set<String> known = known(rows);
        yield some(
            rows,
            row -> known.contains(row.sku()),
            store,
            Outcome.SKU_UNKNOWN,
            Outcome.UPDATED,
            Outcome.UNCHANGED);
      }
    };
  }

  /**
   * Accepts rows whose sku is not in the catalogue. If a sku is repeated, only the first row with
   * this sku is accepted, because this row creates the product. In a file without a column of
   * names, no row can create a product, so the store rejects all rows whose sku is not in the
   * catalogue.
   */
  private Predicate<ProductRow> wanted(HeaderMapping mapping, ProductRows rows) {
    Set<String> known = known(rows);
    boolean creates = mapping.has(Field.NAME);
    Set<String> seen = new HashSet<>(known);
    return row -> creates ? seen.add(row.sku()) : !known.contains(row.sku());
  }

  private Set<String> known(ProductRows rows) {
    Set<String> skus = rows.stream().map(ProductRow::sku).collect(toSet());
    return products.glance(skus).stream().map(GlancedProduct::sku).collect(toSet());
  }

  private static Outcome[] some(
      ProductRows rows,
      Predicate<ProductRow> wanted,
      Function<ProductRows, Outcome[]> store,
      Outcome otherwise,
      Outcome... expected) {
    Outcome[] outcomes = new Outcome[rows.size()];
    List<ProductRow> taken = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      if (wanted.test(rows.get(i))) {
        taken.add(rows.get(i));
        places.add(i);
      } else {
        outcomes[i] = otherwise;
      }
    }
    if (taken.isEmpty()) {
      return outcomes;
    }
    Outcome[] stored = store.apply(ProductRows.of(taken));
    for (int i = 0; i < stored.length; i++) {
      if (stored[i].errors().isEmpty() && !List.of(expected).contains(stored[i])) {
        throw new PessimisticLockingFailureException(
            "A product was created or deleted by another import");
      }
      outcomes[places.get(i)] = stored[i];
    }
    return outcomes;
  }
}
