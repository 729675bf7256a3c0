package dev.waybill.csvimport;

import dev.waybill.csv.CsvRecord;
import dev.waybill.product.RowError;
import java.util.List;
import lombok.Locked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns rejected rows into what is stored of them, as long as there is room. The errors of a row
 * take many times the space of a short row: without a limit 3 MB of rows {@code ,} became 670 MB.
 * After the first row without room no other is stored, so the stored ones are the first of the
 * file. Thread-safe.
 */
final class MakeRejections {

  /**
   * What is stored may always take this many times the bytes of the file, and {@link #LEAST_BYTES}
   * more.
   */
  private static final int TIMES_FILE_SIZE = 8;

  private static final long LEAST_BYTES = 1 << 20;

  private final JsonMapper json;
  private long rowsLeft; // guarded by @Locked
  private long bytesLeft; // guarded by @Locked

  /**
   * @param totals what earlier chunks of the job have stored
   * @param fileBytes the size of the job's file
   */
  MakeRejections(
      ImportProperties properties, ImportStore.Totals totals, long fileBytes, JsonMapper json) {
    this.json = json;
    long most =
        Math.min(
            properties.maxRejectionSize().toBytes(), TIMES_FILE_SIZE * fileBytes + LEAST_BYTES);
    boolean leftSomeOut = totals.stored() < totals.rejected();
    rowsLeft = leftSomeOut ? 0 : properties.maxRejections() - totals.stored();
    bytesLeft = leftSomeOut ? 0 : most - totals.storedBytes();
  }

  /** What is to be stored of a row, or null where there is no room left. */
  @Nullable Rejection of(long row, CsvRecord record, List<RowError> errors) {
    if (isFull()) {
      return null;
    }
    Rejection rejection =
        new Rejection(
            row,
            record.line(),
            json.writeValueAsString(errors),
            record.original(),
            record.originalCut());
    return take(rejection.bytes()) ? rejection : null;
  }

  @Locked
  boolean isFull() {
    return rowsLeft <= 0 || bytesLeft <= 0;
  }

  @Locked
  private boolean take(long bytes) {
    boolean fits = rowsLeft > 0 && bytes <= bytesLeft;
    rowsLeft = fits ? rowsLeft - 1 : 0;
    bytesLeft -= bytes;
    return fits;
  }
}
