package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.product.Outcome;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Finds the chunks in which a job wrote products, from the last chunk to the first chunk. */
@Repository
class ChunksToUndo {

  private final JdbcClient reads;
  private final ImportStore journal;

  ChunksToUndo(@Qualifier("reads") JdbcClient reads, ImportStore journal) {
    this.reads = reads;
    this.journal = journal;
  }

  /**
   * One chunk.
   *
   * @param number the number of the chunk's first row if an import wrote the chunk; the number of
   *     the part if an undo wrote the chunk
   * @param created the skus that an import created in this chunk; empty for an undo, because an
   *     undo stores these skus in another table
   */
  record ChunkToUndo(long number, List<String> created) {}

  /**
   * The last chunk with a smaller number than the given number. The list of created skus of a chunk
   * is never larger than the chunk itself.
   */
  Optional<ChunkToUndo> before(Job target, ProductWriter writer, long number) {
    return target.family().equals(Imports.KIND)
        ? journal.journalBefore(target.id(), number).map(ChunksToUndo::ofImport)
        : ofUndo(writer, number);
  }

  private static ChunkToUndo ofImport(ImportStore.JournalRow row) {
    return new ChunkToUndo(
        row.firstRow(),
        created(Outcomes.unpack(row.firstRow(), row.outcomes(), 0, Integer.MAX_VALUE)));
  }

  /** The skus of the rows that created a product, without repetitions. */
  static List<String> created(List<Outcomes.Accepted> accepted) {
    return accepted.stream()
        .filter(row -> row.result() == Outcome.CREATED)
        .map(Outcomes.Accepted::sku)
        .distinct()
        .toList();
  }

  private Optional<ChunkToUndo> ofUndo(ProductWriter writer, long number) {
    return reads
        .sql(
            """
            SELECT chunk FROM product_change WHERE writer = ? AND chunk < ?
            ORDER BY chunk DESC LIMIT 1
            """)
        .params(writer.number(), number)
        .query((row, _) -> new ChunkToUndo(row.getLong(1), List.of()))
        .optional();
  }
}
