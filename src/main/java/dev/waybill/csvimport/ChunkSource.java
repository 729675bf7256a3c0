package dev.waybill.csvimport;

import dev.waybill.csv.CsvOutput;
import dev.waybill.csv.CsvReader;
import dev.waybill.csv.CsvRecord;
import dev.waybill.product.CellNote;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.ProductRow;
import dev.waybill.product.RowChecks;
import dev.waybill.product.RowError;
import dev.waybill.product.RowResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a file into chunks of checked rows. A chunk always ends between two products. Only one
 * thread may use an instance.
 */
final class ChunkSource {

  private static final RowError INCOMPLETE =
      new RowError(
          null,
          "product-incomplete",
          "Another row of the same product is rejected, so this one is, too. Correct that row, and"
              + " upload all rows of the product.",
          null);

  private final CsvReader reader;
  private final RowChecks checks;
  private final boolean restores;
  private final AssembleProducts assembly;
  private final ProductGroups groups;
  private final UnaryOperator<ProductRow> prepare;
  private final ImportProperties properties;
  private final MakeRejections rejects;
  private final RepeatedSkus repeated;
  private long row;

  /**
   * @param reader a reader that is positioned at the first record to read
   * @param rowsBefore the number of records before this first record
   * @param prepare converts each accepted row before it goes into the chunk
   */
  ChunkSource(
      CsvReader reader,
      ImportProfile profile,
      HeaderMapping mapping,
      long rowsBefore,
      UnaryOperator<ProductRow> prepare,
      ImportProperties properties,
      MakeRejections rejects,
      RepeatedSkus repeated) {
    this.reader = reader;
    this.checks = new RowChecks(mapping);
    this.restores = mapping.returned() || profile.isOwn();
    this.assembly = profile.assembly(mapping);
    this.groups = new ProductGroups(reader, assembly);
    this.row = rowsBefore;
    this.prepare = prepare;
    this.properties = properties;
    this.rejects = rejects;
    this.repeated = repeated;
  }

  /** The next chunk, which is never empty, or null at the end of the file. */
  @Nullable Chunk next() throws IOException {
    long endOffset = groups.position().offset() + properties.chunkSize().toBytes();
    long deadline = System.nanoTime() + properties.chunkTime().toNanos();
    ChunkDraft draft =
        new ChunkDraft(row, groups.position(), properties.chunkRows(), prepare, rejects, repeated);
    boolean more;
    do {
      more = assembly.isRowByRow() ? addRow(draft) : addProduct(draft);
    } while (more
        && draft.rows() < properties.chunkRows()
        && groups.position().offset() < endOffset
        && draft.rejectionBytes() < properties.chunkSize().toBytes()
        && System.nanoTime() - deadline < 0);
    if (draft.rows() == 0) {
      return null;
    }
    row += draft.rows();
    draft.addNotices(reader.takeNotices());
    return draft.finish(groups.position(), groups.bytesRead());
  }

  private boolean addRow(ChunkDraft draft) throws IOException {
    CsvRecord record = reader.next();
    if (record == null) {
      return false;
    }
    draft.add(
        record,
        switch (record) {
          case CsvRecord.Complete complete -> check(complete.cells());
          case CsvRecord.Damaged damaged -> ChunkDraft.damaged(damaged);
        });
    return true;
  }

  private RowResult check(String[] cells) {
    restore(cells);
    return checks.check(cells);
  }

  private void restore(String[] cells) {
    if (restores) {
      for (int i = 0; i < cells.length; i++) {
        cells[i] = CsvOutput.restore(cells[i], reader.delimiter());
      }
    }
  }

  private boolean addProduct(ChunkDraft draft) throws IOException {
    ProductGroups.Group group = groups.next();
    if (group == null) {
      return false;
    }
    List<CsvRecord> records = group.records();
    if (records.getFirst() instanceof CsvRecord.Damaged damaged) {
      draft.add(damaged, ChunkDraft.damaged(damaged));
      return true;
    }
    List<String[]> rows = new ArrayList<>();
    for (CsvRecord record : records) {
      if (record instanceof CsvRecord.Complete complete) {
        restore(complete.cells());
        rows.add(complete.cells());
      }
    }
    List<AssembleProducts.Part> parts =
        group.tooLarge() ? tooLarge(rows.size()) : assembly.assemble(rows);
    List<@Nullable RowResult> results = new ArrayList<>();
    boolean incomplete = false;
    for (AssembleProducts.Part part : parts) {
      @Nullable RowResult result =
          switch (part) {
            case AssembleProducts.Part.Row(String[] cells, List<CellNote> notes) ->
                with(notes, checks.check(cells));
            case AssembleProducts.Part.Rejected(RowError error) ->
                new RowResult.Rejected(List.of(error));
            case AssembleProducts.Part.Merged _, AssembleProducts.Part.Skipped _ -> null;
          };
      incomplete |= result instanceof RowResult.Rejected;
      results.add(result);
    }
    for (int i = 0; i < records.size(); i++) {
      add(draft, records.get(i), parts.get(i), results.get(i), incomplete);
    }
    return true;
  }

  private static RowResult with(List<CellNote> notes, RowResult result) {
    if (!notes.isEmpty() && result instanceof RowResult.Accepted(ProductRow row, var others)) {
      return new RowResult.Accepted(row, Stream.concat(notes.stream(), others.stream()).toList());
    }
    return result;
  }

  /**
   * Adds one row of a product. If any row of the product is rejected, all rows of the product are
   * rejected, except the rows that were left out on purpose.
   */
  private static void add(
      ChunkDraft draft,
      CsvRecord record,
      AssembleProducts.Part part,
      @Nullable RowResult result,
      boolean incomplete) {
    if (part instanceof AssembleProducts.Part.Skipped(String notice, String detail)) {
      draft.addSkipped(notice, detail);
    } else if (incomplete && !(result instanceof RowResult.Rejected)) {
      draft.add(record, new RowResult.Rejected(List.of(INCOMPLETE)));
    } else if (result == null) {
      draft.addMerged();
    } else {
      draft.add(record, result);
    }
  }

  private static List<AssembleProducts.Part> tooLarge(int rows) {
    AssembleProducts.Part part =
        new AssembleProducts.Part.Rejected(
            new RowError(
                null,
                "product-too-large",
                "The product has too many rows; at most %d rows of together %d MB are allowed."
                    .formatted(ProductGroups.MOST_ROWS, ProductGroups.MOST_SIZE >> 20),
                null));
    return Collections.nCopies(rows, part);
  }
}
