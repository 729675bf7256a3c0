package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.product.Outcome;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The chunks in which a job has written products, from the last one to the first. */
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
   * @param number its first row, or the number of the part of an undo
   * @param created the skus that an import has created with it; an undo keeps them elsewhere
   */
  record ChunkToUndo(long number, List<String> created) {}

  /** The last chunk below a number. Its created skus are at most as large as a chunk of a file. */
  Optional<ChunkToUndo> before(Job target, ProductWriter writer, long number) {
    return target.family().equals(Imports.KIND)
        ? journal.journalBefore(target.id(), number).map(ChunksToUndo::ofImport)
        : ofUndo(writer, number);
  }

  private static ChunkToUndo ofImport(ImportStore.JournalRow row) {
    List<String> created =
        Outcomes.unpack(row.firstRow(), row.outcomes(), 0, Integer.MAX_VALUE).stream()
            .filter(accepted -> accepted.result() == Outcome.CREATED)
            .map(Outcomes.Accepted::sku)
            .distinct()
            .toList();
    return new ChunkToUndo(row.firstRow(), created);
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
