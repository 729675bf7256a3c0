package dev.waybill.csvimport;

import dev.waybill.csv.CsvRecord;
import dev.waybill.product.RowError;
import java.util.List;
import lombok.Locked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts rejected rows to the form in which they are stored, until a limit is reached. The errors
 * of a short row take many times the space of the row. Without a limit, 3 MB of rows that contained
 * only {@code ,} took 670 MB. After the first row that does not fit, no other row is stored. So the
 * stored rows are always the first rejected rows of the file. Thread-safe.
 */
final class MakeRejections {

  /**
   * The factor of the limit in bytes. The stored rejections never take more than this factor times
   * the size of the file, plus {@link #LEAST_BYTES}.
   */
  private static final int TIMES_FILE_SIZE = 8;

  private static final long LEAST_BYTES = 1 << 20;

  private final JsonMapper json;
  private long rowsLeft; // accessed only in @Locked methods
  private long bytesLeft; // accessed only in @Locked methods

  /**
   * @param totals the sums over the earlier chunks of the job
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

  /** The rejection to store for a row; null if the limits allow no further rejection. */
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
