package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import dev.waybill.job.Page;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * The accepted and the rejected rows of a job: pages as JSON, everything as NDJSON or CSV. What is
 * everything is written as it is read, on the request's virtual thread, in flat memory.
 */
@RestController
@RequestMapping("/api/jobs/{id}")
@RequiredArgsConstructor
class ImportController {

  private static final int STREAM_BUFFER = 64 * 1024;
  private static final Pattern ROW = Pattern.compile("\\d{1,18}");

  private final Jobs jobs;
  private final ImportedRows imported;
  private final ImportStore store;
  private final ProductsCsv productsCsv;
  private final RejectionsCsv rejectionsCsv;
  private final JsonMapper json;

  @GetMapping("/products")
  @Nullable Page<ImportedRow> products(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
      HttpMethod method,
      HttpServletResponse response)
      throws IOException {
    ListFormat format = ListFormat.acceptable(accept, EnumSet.allOf(ListFormat.class));
    int size = Page.limit(limit);
    long row = rowCursor(after);
    Job job = jobs.get(id);
    switch (format) {
      case JSON -> {
        return Page.of(imported.after(id, row, size + 1), size, ImportedRow::row);
      }
      case NDJSON -> stream(method, response, format, job, "products", out -> writeLines(id, out));
      case CSV ->
          stream(method, response, format, job, "products", out -> productsCsv.write(id, out));
    }
    return null;
  }

  @GetMapping("/rejections")
  @Nullable Page<Rejection> rejections(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
      HttpMethod method,
      HttpServletResponse response)
      throws IOException {
    Set<ListFormat> offered = EnumSet.of(ListFormat.JSON, ListFormat.CSV);
    ListFormat format = ListFormat.acceptable(accept, offered);
    int size = Page.limit(limit);
    long row = rowCursor(after);
    Job job = jobs.get(id);
    if (format == ListFormat.CSV) {
      stream(method, response, format, job, "rejections", out -> rejectionsCsv.write(job, out));
      return null;
    }
    return Page.of(store.rejectionsAfter(id, row, size + 1), size, Rejection::row);
  }

  private void writeLines(String jobId, OutputStream out) throws IOException {
    imported.forEachBatch(
        jobId,
        rows -> {
          for (ImportedRow row : rows) {
            out.write(json.writeValueAsBytes(row));
            out.write('\n');
          }
        });
  }

  private static long rowCursor(@Nullable String after) {
    if (after == null) {
      return 0;
    }
    if (!ROW.matcher(after).matches()) {
      throw Problem.parameter(
          "after must be the \"next\" of an earlier page; leave it out for the first page.");
    }
    return Long.parseLong(after);
  }

  private interface Body {
    void write(OutputStream out) throws IOException;
  }

  private static void stream(
      HttpMethod method,
      HttpServletResponse response,
      ListFormat format,
      Job job,
      String what,
      Body body)
      throws IOException {
    response.setContentType(format.contentType());
    if (format == ListFormat.CSV) {
      response.setHeader(
          HttpHeaders.CONTENT_DISPOSITION,
          "attachment; filename=\"%s-%s.csv\"".formatted(what, job.id()));
    }
    if (method.equals(HttpMethod.HEAD)) {
      return;
    }
    OutputStream out = new BufferedOutputStream(response.getOutputStream(), STREAM_BUFFER);
    body.write(out);
    out.flush();
  }
}
