package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** Imports realistic files; {@code cases} has the files and their expected results. */
class ImportCasesTest extends ImportTestBase {

  /** A test case with a name that describes it. */
  record Case(String name, Map<String, Object> data) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws IOException {
    return Stream.of(cases("cases.yaml"), cases("kinds.yaml"), cases("headers.yaml"))
        .flatMap(list -> list);
  }

  private static Stream<Case> cases(String list) throws IOException {
    try (InputStream in = file(list)) {
      List<Map<String, Object>> cases = new Yaml().load(in);
      return cases.stream()
          .map(
              data ->
                  new Case(
                      data.getOrDefault("kind", "")
                          + " "
                          + data.getOrDefault("file", data.getOrDefault("text", data.get("latin")))
                          + " "
                          + data.getOrDefault("query", ""),
                      data));
    }
  }

  private static InputStream file(String name) {
    return Objects.requireNonNull(ImportCasesTest.class.getResourceAsStream("cases/" + name), name);
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Shows({
    "check.number-format",
    "check.mapping",
    "code.product-incomplete",
    "code.handle-apart",
    "code.sku-damaged",
    "code.name-missing"
  })
  void readsAFileRightOrAsks(Case it) throws Exception {
    Map<String, Object> first = map(it.data(), "first");
    if (!first.isEmpty()) {
      awaitEnd(json(send(first).body()).get("transactionId").asString());
    }

    HttpResponse<String> answer = send(it.data());

    assertThat(answer.statusCode())
        .as(answer.body())
        .isEqualTo(it.data().getOrDefault("status", 202));
    if (it.data().get("problem") instanceof String problem) {
      assertThat(json(answer.body()).get("type").asString()).endsWith(":" + problem);
      assertThat(answer.body())
          .doesNotContain((String) it.data().getOrDefault("lacks", "no such text"))
          .contains((String) it.data().getOrDefault("says", ""));
      return;
    }
    String id = json(answer.body()).get("transactionId").asString();
    awaitEnd(id);
    JsonNode job = json(get("/api/jobs/" + id, "application/json").body());
    assertThat(job.get("status").asString()).as(job.toString()).isEqualTo("COMPLETED");
    checkJob(it.data(), job);
    checkRejections(it.data(), id);
    for (Map.Entry<String, Object> product : map(it.data(), "products").entrySet()) {
      checkProduct(product.getKey(), (Map<?, ?>) product.getValue());
    }
  }

  private HttpResponse<String> send(Map<String, Object> request) throws Exception {
    URI address = uri("/api/upload/csv" + request.getOrDefault("query", ""));
    return http.send(
        HttpRequest.newBuilder(address)
            .header("Content-Type", (String) request.getOrDefault("contentType", "text/csv"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes(request)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] bytes(Map<String, Object> request) throws IOException {
    if (request.get("text") instanceof String text) {
      return text.getBytes(Charset.forName((String) request.getOrDefault("charset", "UTF-8")));
    }
    // The request gives raw bytes, each as one character; they may be invalid in any charset.
    if (request.get("latin") instanceof String bytes) {
      return bytes.getBytes(ISO_8859_1);
    }
    try (InputStream in = file((String) request.get("file"))) {
      return in.readAllBytes();
    }
  }

  private static void checkJob(Map<String, Object> data, JsonNode job) {
    assertThat(job.get("format").asString()).isEqualTo(data.getOrDefault("format", "general"));
    map(data, "counts")
        .forEach(
            (name, count) ->
                assertThat(job.get("counts").get(name).asInt()).as(name).isEqualTo(count));
    if (data.get("notices") instanceof List<?> wanted) {
      assertThat(job.get("notices").valueStream().map(n -> n.get("code").asString()))
          .as(job.get("notices").toString())
          .containsAll(wanted.stream().map(String::valueOf).toList());
    }
    if (data.get("details") instanceof List<?> parts) {
      assertThat(job.get("notices").toString())
          .contains(parts.stream().map(String::valueOf).toList());
    }
    map(data, "noticeRows")
        .forEach(
            (code, rows) ->
                assertThat(noticeRows(job, code)).as("rows of " + code).isEqualTo(rows));
    if (data.get("silent") instanceof List<?> codes) {
      assertThat(codes).noneMatch(code -> noticeRows(job, (String) code) != null);
    }
  }

  /** The rows that the notice names; null if there is no such notice. */
  private static @Nullable List<Integer> noticeRows(JsonNode job, String code) {
    return job.get("notices")
        .valueStream()
        .filter(notice -> notice.get("code").asString().equals(code))
        .findFirst()
        .map(notice -> notice.get("rows").valueStream().map(JsonNode::asInt).toList())
        .orElse(null);
  }

  private void checkRejections(Map<String, Object> data, String id) throws Exception {
    Map<String, String> found = new TreeMap<>();
    String path = "/api/jobs/" + id + "/rejections?limit=200";
    json(get(path, "application/json").body())
        .get("items")
        .forEach(
            item ->
                found.put(
                    item.get("row").asString(), item.get("errors").get(0).get("code").asString()));
    Map<String, String> wanted = new TreeMap<>();
    map(data, "rejections").forEach((row, code) -> wanted.put(row, (String) code));
    assertThat(found).isEqualTo(wanted);
  }

  /** A name without {@code $} may also be an attribute; {@code $name} always means the field. */
  private void checkProduct(String sku, Map<?, ?> wanted) throws Exception {
    HttpResponse<String> answer =
        get("/api/products?sku=" + URLEncoder.encode(sku, UTF_8), "application/json");
    assertThat(answer.statusCode()).as(sku).isEqualTo(200);
    JsonNode product = json(answer.body());
    wanted.forEach(
        (name, value) ->
            assertThat(value(product, String.valueOf(name), wanted.containsKey("$name")))
                .as(name + " of " + answer.body())
                .isEqualTo(value == null ? null : value.toString()));
  }

  private static @Nullable String value(JsonNode product, String name, boolean attributeName) {
    boolean attribute = !product.has(name) || attributeName && name.equals("name");
    JsonNode value =
        name.startsWith("$")
            ? product.get(name.substring(1))
            : attribute || name.equals("attributes")
                ? product.get("attributes").get(name)
                : product.get(name);
    return value == null || value.isNull()
        ? null
        : value.isNumber() ? value.decimalValue().toPlainString() : value.asString();
  }

  private static Map<String, Object> map(Map<String, Object> data, String name) {
    Map<String, Object> map = new TreeMap<>();
    if (data.get(name) instanceof Map<?, ?> found) {
      found.forEach((key, value) -> map.put(String.valueOf(key), value));
    }
    return map;
  }
}
