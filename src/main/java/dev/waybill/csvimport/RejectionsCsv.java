package dev.waybill.csvimport;

import dev.waybill.csv.CsvFormat;
import dev.waybill.csv.CsvOutput;
import dev.waybill.csv.RecordCells;
import dev.waybill.product.RowError;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the rejected rows of a job as a table that a user can correct and upload again. The table
 * has the imported columns of the file, and then the columns {@code _row} and {@code _error}.
 */
@Component
@RequiredArgsConstructor
class RejectionsCsv {

  private static final TypeReference<List<RowError>> ERRORS = new TypeReference<>() {};

  /** The columns that follow the columns of the file. */
  static final List<String> ADDED = List.of("_row", "_error");

  private final JsonMapper json;

  void writeHeader(ImportJob job, RejectionForm form, OutputStream out) throws IOException {
    form.start(job, out);
    form.output(job, out).row(Columns.of(job).header());
  }

  void write(ImportJob job, RejectionForm form, List<Rejection> rejections, OutputStream out)
      throws IOException {
    CsvOutput csv = form.output(job, out);
    Columns columns = Columns.of(job);
    for (Rejection rejection : rejections) {
      csv.row(columns.cells(rejection, form.text(job, errors(rejection))));
    }
  }

  private String errors(Rejection rejection) {
    return json.readValue(rejection.errors(), ERRORS).stream()
        .map(
            error ->
                error.column() == null ? error.detail() : error.column() + ": " + error.detail())
        .collect(Collectors.joining(" "));
  }

  /**
   * The columns of the file. Columns that are not imported are left out. If the file is an earlier
   * export of rejections, its columns {@code _row} and {@code _error} are also left out, and the
   * new columns of these names replace them.
   *
   * @param replaced the columns that are left out
   * @param restores whether Waybill wrote the file. If Waybill wrote the file, it may have added a
   *     {@code '} to the cells
   */
  private record Columns(List<String> names, BitSet replaced, boolean restores, CsvFormat format) {

    static Columns of(ImportJob job) {
      List<String> names = List.copyOf(job.mapping().keySet());
      BitSet replaced = new BitSet();
      for (int i = 0; i < names.size(); i++) {
        replaced.set(i, NewImport.IGNORED.equals(job.mapping().get(names.get(i))));
      }
      boolean exported = names.containsAll(ADDED) || Profiles.named(job.plan().format()).isOwn();
      return new Columns(names, replaced, exported, FileFormat.of(job));
    }

    List<String> header() {
      return row(names, ADDED.getFirst(), ADDED.getLast());
    }

    /**
     * The cells of a rejected row. If the record does not fit the header, its whole text is in the
     * first column.
     */
    List<String> cells(Rejection rejection, String errors) {
      List<String> cells =
          rejection.originalCut()
              ? List.of()
              : RecordCells.of(rejection.original(), format, names.size())
                  .map(Arrays::asList)
                  .orElse(List.of());
      if (cells.size() != names.size()) {
        cells = new ArrayList<>(Collections.nCopies(names.size(), ""));
        cells.set(replaced.nextClearBit(0), rejection.original());
      } else if (restores) {
        // Removes the ' that the earlier export added to cells that look like formulas, because
        // this export adds it again. In any other file, a ' belongs to the cell.
        cells = cells.stream().map(cell -> CsvOutput.restore(cell, format.delimiter())).toList();
      }
      return row(cells, Long.toString(rejection.row()), errors);
    }

    private List<String> row(List<String> cells, String rowNumber, String errors) {
      List<String> row = new ArrayList<>(cells.size() + 2);
      for (int i = 0; i < cells.size(); i++) {
        if (!replaced.get(i)) {
          row.add(cells.get(i));
        }
      }
      row.add(rowNumber);
      row.add(errors);
      return row;
    }
  }
}
