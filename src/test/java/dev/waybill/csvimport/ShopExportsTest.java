package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.sheet.WorkbookBuilder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Unmodified exports of 100 products from five shop systems become the right products. */
class ShopExportsTest extends ImportTestBase {

  static List<ShopExports.Export> exports() {
    return ShopExports.all(100);
  }

  @ParameterizedTest
  @MethodSource("exports")
  void anExportBecomesTheProductsThatItMeans(ShopExports.Export export) throws Exception {
    String type = export.delimiter() == '\t' ? "text/tab-separated-values" : "text/csv";
    assertImported(export, send(type, export.csv().getBytes(UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("exports")
  void theSameCellsInAWorkbookBecomeTheSameProducts(ShopExports.Export export) throws Exception {
    byte[] book = new WorkbookBuilder().table("Export", export.table()).bytes();
    assertImported(
        export, send("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book));
  }

  private HttpResponse<String> send(String type, byte[] file) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri("/api/upload/csv"))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void assertImported(ShopExports.Export export, HttpResponse<String> answer)
      throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = json(answer.body()).get("transactionId").asString();
    awaitEnd(id);
    JsonNode job = json(get("/api/jobs/" + id, "application/json").body());
    assertThat(job.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(job.get("format").asString()).isEqualTo(export.format());
    JsonNode counts = job.get("counts");
    assertThat(counts.get("rejected").asInt())
        .as(get("/api/jobs/" + id + "/rejections", "text/csv").body())
        .isZero();
    assertThat(counts.get("created").asInt()).isEqualTo(export.products().size());
    assertThat(counts.get("rows").asInt()).isEqualTo(export.rows().size());

    Map<String, JsonNode> found = new HashMap<>();
    get("/api/products", "application/x-ndjson")
        .body()
        .lines()
        .map(this::json)
        .forEach(product -> found.put(product.get("sku").asString(), product));
    assertThat(found.keySet()).isEqualTo(export.products().keySet());
    export
        .products()
        .forEach(
            (sku, wanted) ->
                wanted.forEach(
                    (name, value) ->
                        assertThat(text(found.get(sku), name))
                            .as("%s of %s", name, found.get(sku))
                            .isEqualTo(normal(name, value))));
  }

  private static @Nullable String text(JsonNode product, String name) {
    JsonNode value = product.has(name) ? product.get(name) : product.get("attributes").get(name);
    return value == null || value.isNull() ? null : normal(name, value.asString());
  }

  private static String normal(String name, String value) {
    return name.equals("price")
        ? new java.math.BigDecimal(value).stripTrailingZeros().toPlainString()
        : value;
  }
}
