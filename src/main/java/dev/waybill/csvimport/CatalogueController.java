package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.AnswerMemory;
import dev.waybill.answer.Page;
import dev.waybill.problem.Problem;
import dev.waybill.product.CatalogueFilter;
import dev.waybill.product.Product;
import dev.waybill.product.ProductStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the catalogue: single pages as JSON, and all matching products as NDJSON or CSV. A user
 * can edit an exported CSV file and import it again.
 */
@RestController
@RequiredArgsConstructor
class CatalogueController {

  /** The maximum number of characters of a query, a category or a cursor. */
  private static final int LONGEST_TEXT = 200;

  /**
   * The maximum number of products that an export reads in one step. A step also ends at a limit in
   * bytes.
   */
  private static final int PRODUCTS_A_PART = 1000;

  private final ProductStore products;
  private final AnswerJson answer;
  private final AnswerMemory memory;
  private final ProductsCsv productsCsv;
  private final JsonMapper json;

  @GetMapping(path = "/api/products", params = "!sku")
  void catalogue(
      @RequestParam(required = false) @Nullable String query,
      @RequestParam(required = false) @Nullable String category,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    ListFormat format = ListFormat.acceptable(accept, EnumSet.allOf(ListFormat.class));
    int size = Page.limit(limit);
    CatalogueFilter filter = new CatalogueFilter(text("query", query), text("category", category));
    String behind = Objects.requireNonNullElse(text("after", after), "");
    if (format == ListFormat.JSON) {
      AnswerJson.Items<Product> items =
          (last, most) ->
              products.catalogue(
                  filter, last == null ? behind : last.sku(), most, AnswerMemory.PART_BYTES);
      answer.page(request, response, size, items, Product::sku, Function.identity(), Map.of());
      return;
    }
    response.setContentType(format.contentType());
    if (format == ListFormat.CSV) {
      response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"products.csv\"");
    }
    if (!HttpMethod.HEAD.matches(request.getMethod())) {
      export(filter, behind, format, request, response.getOutputStream());
    }
  }

  private void export(
      CatalogueFilter filter,
      String behind,
      ListFormat format,
      HttpServletRequest request,
      OutputStream out)
      throws IOException {
    if (format == ListFormat.CSV) {
      productsCsv.writeCatalogueHeader(out);
    }
    Export part = new Export(filter, format, behind);
    Caller caller = Caller.of(request);
    do {
      memory.continueAnswer(caller, part, out);
    } while (!part.atEnd);
  }

  private static @Nullable String text(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.length() > LONGEST_TEXT) {
      throw Problem.parameter("%s has at most %d characters.".formatted(name, LONGEST_TEXT));
    }
    return value;
  }

  /**
   * The state of an export: the product after which it continues. Only one thread may use an
   * instance.
   */
  private final class Export implements AnswerMemory.Part {

    private final CatalogueFilter filter;
    private final ListFormat format;
    private String after;
    private boolean atEnd;

    Export(CatalogueFilter filter, ListFormat format, String after) {
      this.filter = filter;
      this.format = format;
      this.after = after;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      List<Product> found =
          products.catalogue(filter, after, PRODUCTS_A_PART, AnswerMemory.PART_BYTES);
      atEnd = found.isEmpty();
      if (atEnd) {
        return;
      }
      after = found.getLast().sku();
      if (format == ListFormat.CSV) {
        productsCsv.writeCatalogue(found, out);
        return;
      }
      for (Product product : found) {
        out.write(json.writeValueAsBytes(product));
        out.write('\n');
      }
    }
  }
}
