package dev.waybill.csvimport;

import dev.waybill.answer.AnswerMemory;
import dev.waybill.product.FoundProducts;
import dev.waybill.product.ProductStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Reads the accepted rows of a job. The rows come from the job's journal, which has one entry for
 * each committed chunk. The products are shown in the state in which they are stored now.
 */
@Component
@RequiredArgsConstructor
class ImportedRows {

  private final ImportStore store;
  private final ProductStore products;

  /**
   * The next rows after a row number, in the order of the file; empty only if there are no more.
   * Each call unpacks the outcomes of its chunk again. To keep the unpacked outcomes between calls
   * would take up to 2.5 MB for every client that reads slowly.
   *
   * @param most the maximum number of rows to return; fewer if their products are large
   */
  List<ImportedRow> after(String jobId, long row, int most) {
    long after = row;
    Optional<ImportStore.JournalRow> chunk;
    while ((chunk = store.journalAfter(jobId, after)).isPresent()) {
      ImportStore.JournalRow found = chunk.get();
      List<Outcomes.Accepted> accepted =
          Outcomes.unpack(found.firstRow(), found.outcomes(), after, most);
      if (!accepted.isEmpty()) {
        return withProducts(accepted);
      }
      after = found.lastRow();
    }
    return List.of();
  }

  private List<ImportedRow> withProducts(List<Outcomes.Accepted> accepted) {
    List<String> skus = accepted.stream().map(Outcomes.Accepted::sku).distinct().toList();
    FoundProducts found = products.findSome(skus, AnswerMemory.PART_BYTES);
    Set<String> leftOut = Set.copyOf(skus.subList(found.answered(), skus.size()));
    return accepted.stream()
        .takeWhile(row -> !leftOut.contains(row.sku()))
        .map(row -> ImportedRow.of(row, found.bySku().get(row.sku())))
        .toList();
  }
}
