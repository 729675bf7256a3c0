package dev.waybill.csvimport;

import dev.waybill.csv.CsvOutput;
import dev.waybill.csv.CsvReader;
import dev.waybill.csv.CsvRecord;
import dev.waybill.csv.Damage;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.ProductRow;
import dev.waybill.product.ProductRows;
import dev.waybill.product.RowChecks;
import dev.waybill.product.RowError;
import dev.waybill.product.RowResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Cuts a file into chunks of checked rows. For one thread. */
final class ChunkSource {

  private final CsvReader reader;
  private final RowChecks checks;
  private final boolean returned;
  private final UnaryOperator<ProductRow> prepare;
  private final ImportProperties properties;
  private final JsonMapper json;
  private long row;

  /**
   * @param reader positioned at the first record to read
   * @param rowsBefore the number of records before that one
   * @param prepare what each accepted row becomes
   */
  ChunkSource(
      CsvReader reader,
      HeaderMapping mapping,
      long rowsBefore,
      UnaryOperator<ProductRow> prepare,
      ImportProperties properties,
      JsonMapper json) {
    this.reader = reader;
    this.checks = new RowChecks(mapping);
    this.returned = mapping.returned();
    this.row = rowsBefore;
    this.prepare = prepare;
    this.properties = properties;
    this.json = json;
  }

  /** The next chunk, never empty, or null at the end of the file. */
  @Nullable Chunk next() throws IOException {
    long firstRow = row + 1;
    long endOffset = reader.position().offset() + properties.chunkSize().toBytes();
    long deadline = System.nanoTime() + properties.chunkTime().toNanos();
    ProductRows accepted = new ProductRows(properties.chunkRows());
    long[] acceptedRows = new long[properties.chunkRows()];
    List<Rejection> rejections = new ArrayList<>();
    CsvRecord record;
    do {
      record = reader.next();
      if (record == null) {
        break;
      }
      row++;
      switch (record) {
        case CsvRecord.Complete complete -> {
          switch (check(complete)) {
            case RowResult.Accepted(ProductRow product) -> {
              acceptedRows[accepted.size()] = row;
              accepted.add(prepare.apply(product));
            }
            case RowResult.Rejected(List<RowError> errors) ->
                rejections.add(rejection(complete, errors));
          }
        }
        case CsvRecord.Damaged damaged ->
            rejections.add(
                rejection(damaged, damaged.damages().stream().map(ChunkSource::error).toList()));
      }
    } while (row - firstRow + 1 < properties.chunkRows()
        && reader.position().offset() < endOffset
        && System.nanoTime() - deadline < 0);
    if (row < firstRow) {
      return null;
    }
    return new Chunk(
        firstRow,
        row,
        accepted,
        Arrays.copyOf(acceptedRows, accepted.size()),
        rejections,
        reader.position(),
        reader.bytesRead());
  }

  private RowResult check(CsvRecord.Complete complete) {
    String[] cells = complete.cells();
    if (returned) {
      for (int i = 0; i < cells.length; i++) {
        cells[i] = CsvOutput.restore(cells[i]);
      }
    }
    return checks.check(cells);
  }

  private Rejection rejection(CsvRecord record, List<RowError> errors) {
    return new Rejection(
        row,
        record.line(),
        json.writeValueAsString(errors),
        record.original(),
        record.originalCut());
  }

  private static RowError error(Damage damage) {
    return new RowError(null, damage.code().wireName(), damage.detail(), null);
  }
}
