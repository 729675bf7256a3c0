package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.AnswerMemory;
import dev.waybill.answer.Page;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the accepted and the rejected rows of a job. Serves single pages as JSON, and the whole
 * list as NDJSON or CSV. The whole list is written while it is read, on the virtual thread of the
 * request, so memory use stays constant.
 */
@RestController
@RequestMapping("/api/jobs/{id}")
@RequiredArgsConstructor
class ImportController {

  /**
   * The header with the number of the job's rejections that were counted but not stored. A filter
   * does not change this number.
   */
  private static final String NOT_STORED_HEADER = "X-Waybill-Not-Stored";

  /**
   * The maximum number of rows that an export reads in one step. A step also ends at a limit in
   * bytes.
   */
  private static final int ROWS_A_PART = 1000;

  private final Jobs jobs;
  private final ImportJobs imports;
  private final ImportedRows imported;
  private final ImportStore store;
  private final AnswerJson answer;
  private final StreamList streamList;
  private final ProductsCsv productsCsv;
  private final RejectionFilter rejectionFilter;
  private final RejectionsCsv rejectionsCsv;
  private final JsonMapper json;

  @GetMapping("/products")
  void products(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    ListFormat format = ListFormat.acceptable(accept, EnumSet.allOf(ListFormat.class));
    int size = Page.limit(limit);
    long row = RowCursor.of(after);
    Job job = jobs.get(id);
    imports.of(job);
    if (format == ListFormat.JSON) {
      AnswerJson.Items<ImportedRow> items =
          (last, most) -> imported.after(id, last == null ? row : last.row(), most);
      answer.page(request, response, size, items, ImportedRow::row, Function.identity(), Map.of());
      return;
    }
    if (ListFormat.startStream(request, response, format, job, "products")) {
      OutputStream out = response.getOutputStream();
      if (format == ListFormat.CSV) {
        productsCsv.writeHeader(out);
      }
      streamList.write(Caller.of(request), job, new Products(job, format), out);
    }
  }

  @GetMapping("/rejections")
  void rejections(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String code,
      @RequestParam(required = false) @Nullable String column,
      @RequestParam(required = false) @Nullable String form,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    RejectionForm csvForm = RejectionForm.named(form);
    ListFormat format = rejectionFormat(form, accept);
    int size = Page.limit(limit);
    long row = RowCursor.of(after);
    Job job = jobs.get(id);
    ImportJob imported = imports.of(job);
    ImportStore.Totals totals = store.totals(id);
    RejectionFilter.Wanted wanted = rejectionFilter.of(id, code, column);
    boolean cut = totals.notStored() > 0;
    if (format == ListFormat.JSON) {
      AnswerJson.Items<Rejection> items =
          (last, most) ->
              store.rejectionsAfter(
                  id, wanted, last == null ? row : last.row(), most, AnswerMemory.PART_BYTES);
      Map<String, Long> notes =
          cut ? Map.of("stored", totals.stored(), "notStored", totals.notStored()) : Map.of();
      answer.page(request, response, size, items, Rejection::row, Function.identity(), notes);
      return;
    }
    if (cut) {
      response.setHeader(NOT_STORED_HEADER, Long.toString(totals.notStored()));
    }
    boolean hasBody = ListFormat.startStream(request, response, format, job, "rejections");
    response.setContentType(csvForm.contentType(imported));
    if (hasBody) {
      OutputStream out = response.getOutputStream();
      rejectionsCsv.writeHeader(imported, csvForm, out);
      streamList.write(Caller.of(request), job, new Rejections(imported, csvForm, wanted), out);
    }
  }

  /**
   * The format of the answer. If a request has the parameter {@code form}, the answer is CSV even
   * if the request accepts every format. A browser that follows a link accepts every format.
   */
  private static ListFormat rejectionFormat(@Nullable String form, @Nullable String accept) {
    if (form == null) {
      return ListFormat.acceptable(accept, EnumSet.of(ListFormat.JSON, ListFormat.CSV));
    }
    return accept == null
        ? ListFormat.CSV
        : ListFormat.acceptable(accept, EnumSet.of(ListFormat.CSV));
  }

  /** All accepted rows of a job. */
  @RequiredArgsConstructor
  private final class Products implements StreamList.Rows<ImportedRow> {

    private final Job job;
    private final ListFormat format;

    @Override
    public List<ImportedRow> after(long row) {
      return imported.after(job.id(), row, ROWS_A_PART);
    }

    @Override
    public long number(ImportedRow row) {
      return row.row();
    }

    @Override
    public void write(List<ImportedRow> rows, OutputStream out) throws IOException {
      if (format == ListFormat.CSV) {
        productsCsv.write(rows, out);
        return;
      }
      for (ImportedRow row : rows) {
        out.write(json.writeValueAsBytes(row));
        out.write('\n');
      }
    }

    @Override
    public long expected(Job finished) {
      return imports.of(finished).counts().accepted();
    }
  }

  /** The stored rejections of a job that match the filter. */
  @RequiredArgsConstructor
  private final class Rejections implements StreamList.Rows<Rejection> {

    private final ImportJob job;
    private final RejectionForm form;
    private final RejectionFilter.Wanted wanted;
    private long written;

    @Override
    public List<Rejection> after(long row) {
      return store.rejectionsAfter(job.id(), wanted, row, ROWS_A_PART, AnswerMemory.PART_BYTES);
    }

    @Override
    public long number(Rejection rejection) {
      return rejection.row();
    }

    @Override
    public void write(List<Rejection> rejections, OutputStream out) throws IOException {
      rejectionsCsv.write(job, form, rejections, out);
      written += rejections.size();
    }

    /**
     * The journal contains the totals, and the journal is deleted after the rejections. So the
     * totals are valid if no row of the journal is missing.
     */
    @Override
    public long expected(Job finished) {
      ImportStore.Totals totals = store.totals(job.id());
      if (totals.rows() != imports.of(finished).counts().rows()) {
        return -1;
      }
      if (wanted.parts() == null) {
        return totals.stored();
      }
      // If all rejections are still stored, no rejection was deleted while the matching rejections
      // were read.
      return store.storedRejections(job.id(), Long.MAX_VALUE) == totals.stored() ? written : -1;
    }
  }
}
