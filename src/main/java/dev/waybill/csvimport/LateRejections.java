package dev.waybill.csvimport;

import dev.waybill.csv.CsvReader;
import dev.waybill.csv.CsvRecord;
import dev.waybill.product.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import lombok.RequiredArgsConstructor;

/**
 * Rejects rows that passed their checks but were refused by the table of products. The text of such
 * a row is read again from the file, because the text of accepted rows is not kept. Only a few
 * chunks have such rows.
 */
@RequiredArgsConstructor
final class LateRejections {

  private final MakeRejections rejects;
  private final Open file;

  /** Opens the job's file. */
  interface Open {
    CsvReader open() throws IOException;
  }

  /**
   * All rejections of a chunk in the order of the file. The result contains the rejections of the
   * checks and the rejections of the refused rows.
   */
  List<Rejection> with(Chunk chunk, Outcome[] outcomes) {
    List<Rejection> all = new ArrayList<>(chunk.rejections());
    if (!rejects.isFull()) {
      try (CsvReader reader = file.open()) {
        reader.resumeAt(chunk.start());
        read(reader, chunk, outcomes, all);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    all.sort(Comparator.comparingLong(Rejection::row));
    return all;
  }

  private void read(CsvReader reader, Chunk chunk, Outcome[] outcomes, List<Rejection> to)
      throws IOException {
    long row = chunk.firstRow() - 1;
    for (int i = 0; i < outcomes.length && !rejects.isFull(); i++) {
      if (outcomes[i].errors().isEmpty()) {
        continue;
      }
      CsvRecord record = null;
      while (row < chunk.acceptedRows()[i]) {
        record = reader.next();
        row++;
      }
      Rejection rejection = rejects.of(row, Objects.requireNonNull(record), outcomes[i].errors());
      if (rejection != null) {
        to.add(rejection);
      }
    }
  }
}
