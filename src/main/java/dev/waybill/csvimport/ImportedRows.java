package dev.waybill.csvimport;

import dev.waybill.product.Product;
import dev.waybill.product.ProductStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** The accepted rows of a job, from its journal, beside the products as they are stored now. */
@Component
@RequiredArgsConstructor
class ImportedRows {

  /** So many products are looked up at once. */
  private static final int BATCH = 500;

  private final ImportStore store;
  private final ProductStore products;

  /** Takes rows in the order of the file. */
  interface Batch {
    void accept(List<ImportedRow> rows) throws IOException;
  }

  /** At most {@code limit} rows after a row number, in the order of the file. */
  List<ImportedRow> after(String jobId, long row, int limit) {
    List<Outcomes.Accepted> found = new ArrayList<>();
    long after = row;
    while (found.size() < limit) {
      Optional<ImportStore.JournalRow> chunk = store.journalAfter(jobId, after);
      if (chunk.isEmpty()) {
        break;
      }
      unpack(chunk.get()).stream().filter(accepted -> accepted.row() > row).forEach(found::add);
      after = chunk.get().lastRow();
    }
    return withProducts(found.subList(0, Math.min(limit, found.size())));
  }

  /** All rows committed so far, in the order of the file, batch by batch. */
  void forEachBatch(String jobId, Batch take) throws IOException {
    long after = 0;
    Optional<ImportStore.JournalRow> chunk;
    while ((chunk = store.journalAfter(jobId, after)).isPresent()) {
      List<Outcomes.Accepted> rows = unpack(chunk.get());
      for (int from = 0; from < rows.size(); from += BATCH) {
        take.accept(withProducts(rows.subList(from, Math.min(from + BATCH, rows.size()))));
      }
      after = chunk.get().lastRow();
    }
  }

  private static List<Outcomes.Accepted> unpack(ImportStore.JournalRow chunk) {
    return Outcomes.unpack(chunk.firstRow(), chunk.outcomes());
  }

  private List<ImportedRow> withProducts(List<Outcomes.Accepted> accepted) {
    Map<String, Product> stored =
        products.findAll(accepted.stream().map(Outcomes.Accepted::sku).distinct().toList());
    return accepted.stream().map(row -> ImportedRow.of(row, stored.get(row.sku()))).toList();
  }
}
