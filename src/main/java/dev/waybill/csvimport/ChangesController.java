package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.Page;
import dev.waybill.csv.CsvOutput;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import dev.waybill.product.ChangeFilter;
import dev.waybill.product.FieldChange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the changes that an import made in existing products, value by value. Serves single pages
 * as JSON, and the whole list as NDJSON or CSV.
 */
@RestController
@RequiredArgsConstructor
class ChangesController {

  /** The header with the number of changes of a list that were counted but not kept. */
  private static final String NOT_KEPT_HEADER = "X-Waybill-Not-Stored";

  /**
   * The maximum number of rows that an export reads in one step. A step also ends at a limit in
   * bytes.
   */
  private static final int ROWS_A_PART = 1000;

  private final Jobs jobs;
  private final ImportJobs imports;
  private final ProductWriters writers;
  private final ChangedRows changed;
  private final ChangeRetention retention;
  private final AnswerJson answer;
  private final StreamList streamList;
  private final JsonMapper json;

  @GetMapping("/api/jobs/{id}/changes")
  void changes(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String field,
      @RequestParam(required = false) @Nullable String price,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    ListFormat format = ListFormat.acceptable(accept, EnumSet.allOf(ListFormat.class));
    int size = Page.limit(limit);
    long row = RowCursor.of(after);
    ChangeFilter filter = filter(field, price);
    Job job = jobs.get(id);
    ImportJob imported = imports.of(job);
    ProductWriter writer = kept(imported);
    long notKept = notKept(imported, writer);
    if (format == ListFormat.JSON) {
      AnswerJson.Items<ChangedRow> items =
          (last, most) -> changed.after(writer, filter, last == null ? row : last.row(), most);
      Map<String, Object> notes =
          notKept == 0
              ? Map.of()
              : Map.of("truncated", true, "stored", writer.changeRows(), "notStored", notKept);
      answer.page(request, response, size, items, ChangedRow::row, Function.identity(), notes);
      return;
    }
    if (notKept > 0) {
      response.setHeader(NOT_KEPT_HEADER, Long.toString(notKept));
    }
    if (ListFormat.startStream(request, response, format, job, "changes")) {
      OutputStream out = response.getOutputStream();
      if (format == ListFormat.CSV) {
        new CsvOutput(out).row(List.of("row", "sku", "field", "attribute", "old", "new"));
      }
      streamList.write(Caller.of(request), job, new Changes(writer, filter, format), out);
    }
  }

  private static ChangeFilter filter(@Nullable String field, @Nullable String price) {
    int columns =
        field == null
            ? ChangeFilter.ALL.columns()
            : ChangeFilter.columns(field)
                .orElseThrow(
                    () -> Problem.parameter("field must be a field of a product, or attributes."));
    return new ChangeFilter(
        columns,
        switch (price) {
          case null -> ChangeFilter.Price.ANY;
          case "falling" -> ChangeFilter.Price.FALLING;
          case "rising" -> ChangeFilter.Price.RISING;
          default -> throw Problem.parameter("price must be falling or rising.");
        });
  }

  /**
   * The job as a writer of products whose changes are still kept.
   *
   * @throws Problem 410 {@code expired} if the changes are no longer kept
   */
  private ProductWriter kept(ImportJob imported) {
    Job job = imported.job();
    ProductWriter writer = writers.find(job.id()).orElse(ProductWriter.none(job.id()));
    boolean old = retention.isOver(job, imported.dryRun());
    boolean ofEarlierVersion = writer.number() == 0 && imported.counts().updated() > 0;
    if (old || ofEarlierVersion || writer.state() == ProductWriter.State.EXPIRED) {
      throw StartUndo.expired("What the job changes is no longer kept.");
    }
    return writer;
  }

  private static long notKept(ImportJob imported, ProductWriter writer) {
    return writer.state() == ProductWriter.State.CUT
        ? Math.max(0, imported.counts().updated() - writer.changeRows())
        : 0;
  }

  /** The changes of a job that match the filter. */
  @RequiredArgsConstructor
  private final class Changes implements StreamList.Rows<ChangedRow> {

    private final ProductWriter writer;
    private final ChangeFilter filter;
    private final ListFormat format;
    private long written;

    @Override
    public List<ChangedRow> after(long row) {
      return changed.after(writer, filter, row, ROWS_A_PART);
    }

    @Override
    public long number(ChangedRow row) {
      return row.row();
    }

    @Override
    public void write(List<ChangedRow> rows, OutputStream out) throws IOException {
      written += rows.size();
      if (format == ListFormat.CSV) {
        writeTable(rows, out);
        return;
      }
      for (ChangedRow row : rows) {
        out.write(json.writeValueAsBytes(row));
        out.write('\n');
      }
    }

    /**
     * Returns -1 if the changes are being deleted. {@link ForgetChanges} first marks the changes of
     * the job as expired, and then deletes them.
     */
    @Override
    public long expected(Job finished) {
      ProductWriter now = writers.find(finished.id()).orElse(writer);
      return now.state() == ProductWriter.State.EXPIRED ? -1 : written;
    }
  }

  private static void writeTable(List<ChangedRow> rows, OutputStream out) throws IOException {
    CsvOutput csv = new CsvOutput(out);
    for (ChangedRow row : rows) {
      for (FieldChange change : row.changes()) {
        csv.row(
            Arrays.asList(
                Long.toString(row.row()),
                row.sku(),
                change.field(),
                Objects.requireNonNullElse(change.attribute(), ""),
                text(change.before()),
                text(change.after())));
      }
    }
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      default -> value.toString();
    };
  }
}
