package dev.waybill.csvimport;

import dev.waybill.job.JobFailure;
import dev.waybill.product.Outcome;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Ends an import that has more rejected rows than its caller tolerates. */
final class RejectionLimit {

  private final long tolerated;

  RejectionLimit(ImportPolicy policy) {
    this.tolerated = policy.tolerated();
  }

  /**
   * Thrown if the limit is exceeded at a row of a chunk. The rows after this row must not be
   * written.
   */
  static final class Reached extends RuntimeException {

    private final long row;

    private Reached(long row) {
      super("too many rejections at row " + row, null, false, false);
      this.row = row;
    }

    long row() {
      return row;
    }
  }

  boolean isExceeded(long rejected) {
    return rejected > tolerated;
  }

  /**
   * Checks a chunk before it is committed.
   *
   * @param before the number of rows that were rejected before the chunk
   * @throws Reached if the chunk has rows after the rejected row that exceeds the limit
   */
  void check(Chunk chunk, Outcome[] outcomes, long before, Counts counts) {
    if (!isExceeded(before + counts.rejected())) {
      return;
    }
    LongStream late =
        IntStream.range(0, outcomes.length)
            .filter(i -> !outcomes[i].errors().isEmpty())
            .mapToLong(i -> chunk.acceptedRows()[i]);
    long row =
        LongStream.concat(Arrays.stream(chunk.rejectedRows()), late)
            .sorted()
            .skip(tolerated - before)
            .findFirst()
            .orElseThrow();
    if (row < chunk.lastRow()) {
      throw new Reached(row);
    }
  }

  /**
   * The treatment of the rows that were accepted before the limit was exceeded. The job's error
   * describes this treatment to the user.
   */
  enum RowsBefore {
    STAY("The accepted rows before stay."),
    NOT_WRITTEN("No product was changed."),
    TAKEN_BACK("What the accepted rows before had changed was taken back.");

    private final String words;

    RowsBefore(String words) {
      this.words = words;
    }
  }

  /** The failure of a job that has too many rejected rows. */
  JobFailure failure(Counts counts, RowsBefore before) {
    return new JobFailure(
        "too-many-rejections",
        "%d of the first %d rows were rejected; the upload tolerates %d. %s"
            .formatted(counts.rejected(), counts.rows(), tolerated, before.words),
        null);
  }
}
