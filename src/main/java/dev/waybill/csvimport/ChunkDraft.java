package dev.waybill.csvimport;

import dev.waybill.csv.CsvRecord;
import dev.waybill.csv.Damage;
import dev.waybill.csv.Notice;
import dev.waybill.csv.Notices;
import dev.waybill.csv.Position;
import dev.waybill.product.CellNote;
import dev.waybill.product.ProductRow;
import dev.waybill.product.ProductRows;
import dev.waybill.product.RowError;
import dev.waybill.product.RowResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A chunk that is being filled with rows. Only one thread may use an instance. */
final class ChunkDraft {

  private final long firstRow;
  private final Position start;
  private final UnaryOperator<ProductRow> prepare;
  private final MakeRejections rejects;
  private final RepeatedSkus repeated;
  private final ProductRows accepted;
  private final List<Rejection> rejections = new ArrayList<>();
  private final ChunkCauses causes;
  private final Notices notices = new Notices();
  private long[] acceptedRows;
  private long[] rejectedRows = {};
  private int rejected;
  private long row;
  private long merged;
  private long skipped;
  private long rejectionBytes;

  /**
   * Creates an empty chunk.
   *
   * @param rowsBefore the number of records before this chunk
   * @param expected the approximate number of rows that will be added
   */
  ChunkDraft(
      long rowsBefore,
      Position start,
      int expected,
      UnaryOperator<ProductRow> prepare,
      MakeRejections rejects,
      RepeatedSkus repeated) {
    this.firstRow = rowsBefore + 1;
    this.row = rowsBefore;
    this.causes = new ChunkCauses(firstRow);
    this.start = start;
    this.prepare = prepare;
    this.rejects = rejects;
    this.repeated = repeated;
    this.accepted = new ProductRows(expected);
    this.acceptedRows = new long[expected];
  }

  /** Adds the next row and the result of its check. */
  void add(CsvRecord record, RowResult result) {
    row++;
    switch (result) {
      case RowResult.Accepted(ProductRow product, List<CellNote> notes) -> {
        if (accepted.size() == acceptedRows.length) {
          acceptedRows = Arrays.copyOf(acceptedRows, 2 * acceptedRows.length + 1);
        }
        acceptedRows[accepted.size()] = row;
        accepted.add(prepare.apply(product));
        if (!notes.isEmpty()) {
          note(notes);
        }
      }
      case RowResult.Rejected(List<RowError> errors) -> reject(record, errors);
    }
  }

  private void reject(CsvRecord record, List<RowError> errors) {
    if (rejected == rejectedRows.length) {
      rejectedRows = Arrays.copyOf(rejectedRows, 2 * rejected + 8);
    }
    rejectedRows[rejected++] = row;
    Rejection rejection = rejects.of(row, record, errors);
    if (rejection != null) {
      rejections.add(rejection);
      rejectionBytes += rejection.bytes();
    }
    causes.add(row, errors, rejection != null, record.original());
  }

  /** Adds the next row as a merged row, because it was added to the product of an earlier row. */
  void addMerged() {
    row++;
    merged++;
  }

  /** Adds the next row as a skipped row, because it was left out on purpose. */
  void addSkipped(String notice, String detail) {
    row++;
    skipped++;
    notices.add(notice, null, row, detail);
  }

  static RowResult damaged(CsvRecord.Damaged record) {
    return new RowResult.Rejected(record.damages().stream().map(ChunkDraft::error).toList());
  }

  private static RowError error(Damage damage) {
    return new RowError(null, damage.code().wireName(), damage.detail(), null);
  }

  private void note(List<CellNote> notes) {
    for (CellNote note : notes) {
      switch (note.kind()) {
        case BLANKED ->
            notices.add(
                "cells-blanked",
                note.column(),
                row,
                "Cells with a word for nothing, such as NULL, count as blank.");
        case SUSPECT ->
            notices.add(
                "sku-suspect",
                note.column(),
                row,
                "The sku looks like a date or a decimal number that a spreadsheet has made, or like"
                    + " a total, a comment or another line that is no product.");
        case CHECK_DIGIT ->
            notices.add(
                "gtin-suspect",
                note.column(),
                row,
                "The last digit of the gtin is not its check digit. A digit may be mistyped, or a"
                    + " spreadsheet may have rounded the number.");
        case DROPPED ->
            notices.add(
                "cells-dropped",
                note.column(),
                row,
                "Cells that cannot be read as their field were left out.");
      }
    }
  }

  /** Adds the notices of the CSV reader. */
  void addNotices(List<Notice> others) {
    notices.addAll(others);
  }

  long rows() {
    return row - firstRow + 1;
  }

  /**
   * The approximate size of the errors in bytes. The errors of a short row take many times the size
   * of the row.
   */
  long rejectionBytes() {
    return rejectionBytes;
  }

  Chunk finish(Position next, long bytesRead) {
    repeated.examine(accepted, acceptedRows, notices);
    return new Chunk(
        firstRow,
        row,
        accepted,
        Arrays.copyOf(acceptedRows, accepted.size()),
        Arrays.copyOf(rejectedRows, rejected),
        merged,
        skipped,
        rejections,
        causes,
        notices.list(),
        start,
        next,
        bytesRead);
  }
}
