package dev.waybill.csvimport;

import dev.waybill.csv.CsvOutput;
import dev.waybill.csv.CsvReader;
import dev.waybill.csv.CsvRecord;
import dev.waybill.csv.Damage;
import dev.waybill.csv.Position;
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

/** Cuts a file into chunks of checked rows. For one thread. */
final class ChunkSource {

  private final CsvReader reader;
  private final RowChecks checks;
  private final boolean returned;
  private final UnaryOperator<ProductRow> prepare;
  private final ImportProperties properties;
  private final MakeRejections rejects;
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
      MakeRejections rejects) {
    this.reader = reader;
    this.checks = new RowChecks(mapping);
    this.returned = mapping.returned();
    this.row = rowsBefore;
    this.prepare = prepare;
    this.properties = properties;
    this.rejects = rejects;
  }

  /** The next chunk, never empty, or null at the end of the file. */
  @Nullable Chunk next() throws IOException {
    long firstRow = row + 1;
    long endOffset = reader.position().offset() + properties.chunkSize().toBytes();
    long deadline = System.nanoTime() + properties.chunkTime().toNanos();
    ProductRows accepted = new ProductRows(properties.chunkRows());
    long[] acceptedRows = new long[properties.chunkRows()];
    Position start = reader.position();
    List<Rejection> rejections = new ArrayList<>();
    long rejectionBytes = 0;
    CsvRecord record;
    do {
      record = reader.next();
      if (record == null) {
        break;
      }
      row++;
      switch (check(record)) {
        case RowResult.Accepted(ProductRow product) -> {
          acceptedRows[accepted.size()] = row;
          accepted.add(prepare.apply(product));
        }
        case RowResult.Rejected(List<RowError> errors) -> {
          Rejection rejection = rejects.of(row, record, errors);
          if (rejection != null) {
            rejections.add(rejection);
            rejectionBytes += rejection.bytes();
          }
        }
      }
    } while (row - firstRow + 1 < properties.chunkRows()
        && reader.position().offset() < endOffset
        // The errors of a short row are many times its size.
        && rejectionBytes < properties.chunkSize().toBytes()
        && System.nanoTime() - deadline < 0);
    if (row < firstRow) {
      return null;
    }
    return new Chunk(
        firstRow,
        row,
        accepted,
        Arrays.copyOf(acceptedRows, accepted.size()),
        row - firstRow + 1 - accepted.size(),
        rejections,
        start,
        reader.position(),
        reader.bytesRead());
  }

  private RowResult check(CsvRecord record) {
    return switch (record) {
      case CsvRecord.Complete complete -> check(complete.cells());
      case CsvRecord.Damaged damaged ->
          new RowResult.Rejected(damaged.damages().stream().map(ChunkSource::error).toList());
    };
  }

  private RowResult check(String[] cells) {
    if (returned) {
      for (int i = 0; i < cells.length; i++) {
        cells[i] = CsvOutput.restore(cells[i]);
      }
    }
    return checks.check(cells);
  }

  private static RowError error(Damage damage) {
    return new RowError(null, damage.code().wireName(), damage.detail(), null);
  }
}
