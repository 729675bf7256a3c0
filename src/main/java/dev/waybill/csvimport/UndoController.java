package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.Page;
import dev.waybill.csv.CsvOutput;
import dev.waybill.csvimport.UndoneProducts.Item;
import dev.waybill.csvimport.UndoneProducts.Left;
import dev.waybill.csvimport.UndoneProducts.Place;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Undoes a job, and lists the products of the undo by their results. */
@RestController
@RequestMapping("/api/jobs/{id}")
@RequiredArgsConstructor
class UndoController {

  private static final int LONGEST_CURSOR = 1000;
  private static final Pattern PLACE = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  private final Jobs jobs;
  private final StartUndo startUndo;
  private final UndoJobs undos;
  private final UndoneProducts products;
  private final ProductWriters writers;
  private final AnswerJson answer;
  private final StreamItems streamItems;
  private final JsonMapper json;

  @PostMapping("/undo")
  ResponseEntity<JobView> undo(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String dryRun,
      HttpServletRequest request) {
    JobView born = startUndo.start(id, flag(dryRun), Caller.of(request));
    return ResponseEntity.accepted()
        .location(URI.create("/api/jobs/" + born.transactionId()))
        .header(HttpHeaders.RETRY_AFTER, "1")
        .body(born);
  }

  private static boolean flag(@Nullable String dryRun) {
    return switch (dryRun) {
      case null -> false;
      case "false" -> false;
      case "true" -> true;
      default -> throw Problem.parameter("dryRun must be true or false.");
    };
  }

  @GetMapping("/kept")
  void kept(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    UndoJob undo = undos.of(jobs.get(id));
    list(undo, "kept", left(undo, Left.KEPT, request), request, response);
  }

  @GetMapping("/missing")
  void missing(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    UndoJob undo = undos.of(jobs.get(id));
    list(undo, "missing", left(undo, Left.MISSING, request), request, response);
  }

  @GetMapping("/reversed")
  void reversed(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    UndoJob undo = undos.of(jobs.get(id));
    AnswerJson.Items<Item> items =
        undo.dryRun()
            ? foreseen(undo, request)
            : byPlace(undo, place(request.getParameter("after")));
    list(undo, "reversed", items, request, response);
  }

  private AnswerJson.Items<Item> left(UndoJob undo, Left result, HttpServletRequest request) {
    String behind = skuBefore(request);
    return (last, most) ->
        products.left(undo.id(), result, last == null ? behind : last.sku(), most);
  }

  private AnswerJson.Items<Item> foreseen(UndoJob undo, HttpServletRequest request) {
    String behind = skuBefore(request);
    return (last, most) ->
        products.foreseenAfter(undo.id(), last == null ? behind : last.sku(), most);
  }

  /** The sku in the cursor of a request, or the empty text if there is no cursor. */
  private static String skuBefore(HttpServletRequest request) {
    String behind = Objects.requireNonNullElse(request.getParameter("after"), "");
    if (behind.length() > LONGEST_CURSOR) {
      throw notACursor();
    }
    return behind;
  }

  private AnswerJson.Items<Item> byPlace(UndoJob undo, Place behind) {
    return (last, most) ->
        products.reversedAfter(undo.id(), last == null ? behind : place(last.place()), most);
  }

  private static Place place(@Nullable String cursor) {
    if (cursor == null) {
      return Place.START;
    }
    Matcher place = PLACE.matcher(cursor);
    if (!place.matches()) {
      throw notACursor();
    }
    return new Place(Long.parseLong(place.group(1)), Long.parseLong(place.group(2)));
  }

  private static Problem notACursor() {
    return Problem.parameter(
        "after must be the \"next\" of an earlier page; leave it out for the first page.");
  }

  private void list(
      UndoJob undo,
      String name,
      AnswerJson.Items<Item> items,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    ListFormat format =
        ListFormat.acceptable(
            request.getHeader(HttpHeaders.ACCEPT), EnumSet.allOf(ListFormat.class));
    int size = Page.limit(request.getParameter("limit"));
    refuseExpired(undo);
    if (format == ListFormat.JSON) {
      answer.page(request, response, size, items, Item::place, Function.identity(), Map.of());
      return;
    }
    response.setContentType(format.contentType());
    if (format == ListFormat.CSV) {
      response.setHeader(
          HttpHeaders.CONTENT_DISPOSITION,
          "attachment; filename=\"%s-%s.csv\"".formatted(name, undo.id()));
    }
    if (!HttpMethod.HEAD.matches(request.getMethod())) {
      stream(undo, name, items, format, request, response.getOutputStream());
    }
  }

  private void refuseExpired(UndoJob undo) {
    writers
        .find(undo.id())
        .filter(writer -> writer.state() == ProductWriter.State.EXPIRED)
        .ifPresent(
            _ -> {
              throw StartUndo.expired("The lists of this undo are no longer kept.");
            });
  }

  private void stream(
      UndoJob undo,
      String name,
      AnswerJson.Items<Item> items,
      ListFormat format,
      HttpServletRequest request,
      OutputStream out)
      throws IOException {
    boolean names = name.equals("kept");
    StreamItems.Form<Item> form = this::writeLines;
    if (format == ListFormat.CSV) {
      new CsvOutput(out).row(names ? List.of("sku", "by") : List.of("sku"));
      form = (some, target) -> writeTable(some, names, target);
    }
    long count = streamItems.write(Caller.of(request), items, form, out);
    if (undo.job().status().isFinished()
        && request.getParameter("after") == null
        && count != expected(undo, name)) {
      // Throws an exception, so that the container closes the connection without the last chunk of
      // the body. So the client sees a failure.
      throw new IOException(
          "undo %s: its lists are being deleted, %d products were sent"
              .formatted(undo.id(), count));
    }
  }

  private static long expected(UndoJob undo, String name) {
    return switch (name) {
      case "kept" -> undo.counts().kept();
      case "missing" -> undo.counts().missing();
      default -> undo.counts().reversed();
    };
  }

  private void writeLines(List<Item> items, OutputStream out) throws IOException {
    for (Item item : items) {
      out.write(json.writeValueAsBytes(item));
      out.write('\n');
    }
  }

  private static void writeTable(List<Item> items, boolean names, OutputStream out)
      throws IOException {
    CsvOutput csv = new CsvOutput(out);
    for (Item item : items) {
      csv.row(
          names
              ? List.of(item.sku(), Objects.requireNonNullElse(item.by(), ""))
              : List.of(item.sku()));
    }
  }
}
