package dev.waybill.csvimport;

import dev.waybill.csv.CsvReader;
import dev.waybill.csv.CsvRecord;
import dev.waybill.csv.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the consecutive records of one product. To find the end of the product, this class also
 * reads the first record after the product, and keeps that record for the next product. Only one
 * thread may use an instance.
 */
final class ProductGroups {

  /**
   * The maximum number of rows of one product. A large shop system allows the same number of
   * variants.
   */
  static final int MOST_ROWS = 2048;

  /** The maximum number of characters in the records of one product. */
  static final long MOST_SIZE = 4 << 20;

  private final CsvReader reader;
  private final AssembleProducts assembly;
  private @Nullable CsvRecord waiting;
  private Position waitingAt;
  private long waitingBytesRead;

  ProductGroups(CsvReader reader, AssembleProducts assembly) {
    this.reader = reader;
    this.assembly = assembly;
    this.waitingAt = reader.position();
    this.waitingBytesRead = reader.bytesRead();
  }

  /**
   * The records of one product, or a single damaged record.
   *
   * @param tooLarge whether the product has more rows or characters than allowed; the records
   *     beyond the limit are read as another product
   */
  record Group(List<CsvRecord> records, boolean tooLarge) {}

  /** The position at which the next product starts. */
  Position position() {
    return waiting == null ? reader.position() : waitingAt;
  }

  long bytesRead() {
    return waiting == null ? reader.bytesRead() : waitingBytesRead;
  }

  /** The next product, or null at the end of the file. */
  @Nullable Group next() throws IOException {
    CsvRecord first = waiting == null ? reader.next() : waiting;
    waiting = null;
    if (first == null) {
      return null;
    }
    List<CsvRecord> records = new ArrayList<>();
    records.add(first);
    if (!(first instanceof CsvRecord.Complete start)) {
      return new Group(records, false);
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(start.cells());
    long size = size(first);
    while (true) {
      Position at = reader.position();
      long bytesRead = reader.bytesRead();
      CsvRecord record = reader.next();
      if (record == null) {
        return new Group(records, false);
      }
      if (!(record instanceof CsvRecord.Complete complete)
          || !assembly.belongsTo(rows, complete.cells())) {
        waiting = record;
        waitingAt = at;
        waitingBytesRead = bytesRead;
        return new Group(records, false);
      }
      records.add(record);
      rows.add(complete.cells());
      size += size(record);
      if (records.size() > MOST_ROWS || size > MOST_SIZE) {
        return new Group(records, true);
      }
    }
  }

  private static long size(CsvRecord record) {
    return switch (record) {
      case CsvRecord.Complete complete -> complete.text().length();
      case CsvRecord.Damaged damaged -> damaged.original().length();
    };
  }
}
