package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.waybill.contract.Shows;
import dev.waybill.job.SettableClock;
import dev.waybill.job.SteeredQueue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Previews, profiles and imports of stored files, on either database. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.quotas.previews=4",
      "db-scheduler.polling-interval=50ms",
      "db-scheduler.immediate-execution-enabled=true"
    })
@Import(SteeredQueue.class)
abstract class PreviewCases {

  static final String UNKNOWN_SKU = "Artikel;Bezeichnung;Preis\nA1;Stuhl;12,90\n;Tisch;3,50\n";

  @LocalServerPort private int port;
  @Autowired private JdbcClient database;
  @Autowired private JsonMapper json;
  @Autowired private SettableClock clock;
  @Autowired private Scheduler scheduler;
  @Autowired private ExpireKeptFiles expireKeptFiles;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Where files are stored. */
  abstract Path uploads();

  @BeforeEach
  void resetTheClock() {
    clock.reset();
  }

  @AfterEach
  void forgetAll() throws IOException {
    scheduler.resume();
    await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    for (String table :
        List.of(
            "scheduled_tasks",
            "job",
            "journal",
            "import_job",
            "rejection",
            "product",
            "kept_file",
            "import_profile",
            "idempotency_key")) {
      database.sql("DELETE FROM " + table).update();
    }
    for (String name : stored()) {
      Files.deleteIfExists(uploads().resolve(name));
    }
    http.close();
  }

  HttpResponse<String> call(String method, String path, String body) {
    return call(method, path, body.getBytes(UTF_8));
  }

  HttpResponse<String> call(String method, String path, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header(
                "Content-Type", path.startsWith("/api/upload") ? "text/csv" : "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode ok(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return json.readTree(answer.body());
  }

  JsonNode preview(String query, String file) {
    return ok(call("POST", "/api/upload/csv?preview=true" + query, file), 201);
  }

  static String path(JsonNode preview) {
    return "/api/previews/" + preview.get("previewId").asString();
  }

  JsonNode ended(JsonNode job) {
    String path = "/api/jobs/" + job.get("transactionId").asString();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ok(call("GET", path, ""), 200).get("finishedAt").isString());
    return ok(call("GET", path, ""), 200);
  }

  void assertProblem(HttpResponse<String> answer, int status, String name) {
    assertThat(ok(answer, status).get("type").asString()).endsWith(":" + name);
  }

  List<String> stored() throws IOException {
    try (Stream<Path> files = Files.list(uploads())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(n -> !n.startsWith("."))
          .toList();
    }
  }

  @Test
  @Shows({"preview.create"})
  void showsTheFirstRowsAsTheyWouldBeStored() {
    JsonNode preview =
        preview(
            "&fileName=a.csv",
            "sku,name,price,Colour\n A1 ,Chair,12.50,red\n,Lamp,1,\n" + "X,n,1,\n".repeat(30));

    assertThat(preview.get("fileName").asString()).isEqualTo("a.csv");
    assertThat(preview.get("format").asString()).isEqualTo("general");
    assertThat(preview.get("charset").asString()).isEqualTo("UTF-8");
    assertThat(preview.get("delimiter").asString()).isEqualTo("comma");
    assertThat(preview.get("headerLine").asInt()).isEqualTo(1);
    assertThat(preview.get("problem").isNull()).isTrue();
    assertThat(preview.get("rows")).hasSize(20);
    assertThat(preview.at("/rows/0/product/sku").asString()).isEqualTo("A1");
    assertThat(preview.at("/rows/0/product/price").decimalValue()).isEqualByComparingTo("12.5");
    assertThat(preview.at("/rows/0/product/attributes/Colour").asString()).isEqualTo("red");
    assertThat(preview.at("/rows/1/product").isNull()).isTrue();
    assertThat(preview.at("/rows/1/errors/0/code").asString()).isEqualTo("sku-missing");
    assertThat(preview.at("/columns/2/field").asString()).isEqualTo("price");
    assertThat(preview.at("/columns/2/samples/0").asString()).isEqualTo("12.50");
    assertThat(preview.at("/columns/3/field").isNull()).isTrue();
    assertThat(preview.at("/notices/0/code").asString()).isEqualTo("column-unknown");
    assertThat(preview.get("expiresAt").asString()).isNotBlank();
  }

  @Test
  @Shows({"preview.refused", "preview.patch", "preview.import"})
  void isCorrectedAndImportedWithoutBeingSentAgain() {
    JsonNode preview = preview("", UNKNOWN_SKU);
    assertThat(preview.at("/problem/type").asString()).endsWith(":column-missing");
    assertProblem(call("POST", path(preview) + "/import", ""), 422, "column-missing");

    JsonNode patched =
        ok(
            call(
                "PATCH",
                path(preview),
                "{\"mapping\":[{\"column\":1,\"field\":\"sku\"}],\"fileName\":null}"
                    .replace(",\"fileName\":null", "")),
            200);

    assertThat(patched.get("problem").isNull()).isTrue();
    assertThat(patched.at("/columns/0/field").asString()).isEqualTo("sku");
    assertThat(patched.at("/columns/2/numberFormat/decimal").asString()).isEqualTo("comma");
    HttpResponse<String> answer = call("POST", path(preview) + "/import?dryRun=false", "");
    JsonNode job = ok(answer, 202);
    assertThat(answer.headers().firstValue("Location"))
        .hasValue("/api/jobs/" + job.get("transactionId").asString());
    assertThat(call("POST", path(preview) + "/import", "").body()).isEqualTo(answer.body());
    assertThat(ended(job).at("/counts/created").asInt()).isEqualTo(1);
    assertThat(ok(call("GET", "/api/products/A1", ""), 200).get("price").decimalValue())
        .isEqualByComparingTo("12.9");
    JsonNode dryRun = ok(call("POST", path(preview) + "/import?dryRun=true", ""), 202);
    assertThat(ended(dryRun).at("/counts/unchanged").asInt()).isEqualTo(1);
    assertThat(ok(call("GET", path(preview), ""), 200).at("/jobs/import").asString())
        .isEqualTo(job.get("transactionId").asString());
  }

  @Test
  void isCheckedAgainAfterItsSettingsHaveChanged() {
    JsonNode preview = preview("", "sku,name,price\nA-100,Mug,9.90\n");
    String check = path(preview) + "/import?dryRun=true";
    String first = ok(call("POST", check, ""), 202).get("transactionId").asString();

    ok(call("PATCH", path(preview), "{\"decimal\":null}"), 200);
    assertThat(ok(call("POST", check, ""), 202).get("transactionId").asString()).isEqualTo(first);

    JsonNode patched =
        ok(call("PATCH", path(preview), "{\"mapping\":[{\"column\":3,\"field\":\"-\"}]}"), 200);
    assertThat(patched.at("/jobs/dryRun").isNull()).isTrue();
    JsonNode second = ok(call("POST", check, ""), 202);

    assertThat(second.get("transactionId").asString()).isNotEqualTo(first);
    assertThat(ended(second).at("/mapping").has("price")).isFalse();
    assertThat(ok(call("GET", path(preview), ""), 200).at("/jobs/dryRun").asString())
        .isEqualTo(second.get("transactionId").asString());
  }

  @Test
  void showsTheCurrencyThatTheHeaderStates() {
    JsonNode preview = preview("", "sku;name;Preis (EUR)\nA;n;9,90\n");

    assertThat(preview.at("/columns/2/numberFormat/currency").asString()).isEqualTo("EUR");
    assertThat(preview.at("/rows/0/product/currency").asString()).isEqualTo("EUR");
  }

  @Test
  @Shows("preview.refused")
  void showsAFileWhateverAnImportRefuses() {
    JsonNode undecided = preview("", "sku;name;price\nA;n;1.234\nB;n;2.500\n");
    assertThat(undecided.at("/problem/type").asString()).endsWith(":number-format");
    assertThat(undecided.at("/columns/2/numberFormat/decimal").asString()).isEqualTo("undecided");
    assertThat(undecided.at("/columns/2/numberFormat/point").asString()).isEqualTo("1.234");
    assertThat(undecided.at("/columns/2/numberFormat/comma").asString()).isEqualTo("1234");
    JsonNode decided = ok(call("PATCH", path(undecided), "{\"decimal\":\"comma\"}"), 200);
    assertThat(decided.get("problem").isNull()).isTrue();
    assertThat(decided.at("/rows/0/product/price").asInt()).isEqualTo(1234);

    JsonNode unknown = preview("&map=Nothing:name", "sku,name\nA,n\n");
    assertThat(unknown.at("/problem/type").asString()).endsWith(":mapping");
    assertThat(unknown.get("columns")).hasSize(2);
    JsonNode cleared = ok(call("PATCH", path(unknown), "{\"mapping\":null}"), 200);
    assertThat(cleared.get("problem").isNull()).isTrue();

    JsonNode header = preview("", "sku," + "x".repeat(2000) + "\nA,n\n");
    assertThat(header.at("/problem/type").asString()).endsWith(":header");
    assertThat(header.get("columns")).isEmpty();

    assertProblem(call("POST", "/api/upload/csv?preview=true", ""), 400, "file-empty");
    assertProblem(call("POST", "/api/upload/csv?preview=true", "%PDF-1.7\n"), 415, "not-text");
  }

  @Test
  @Shows("preview.patch")
  void readsTheStoredFileInTheNamedCharset() {
    byte[] file = "sku,name\nA,Stühle für Gäste\n".getBytes(Charset.forName("windows-1252"));
    JsonNode preview =
        ok(call("POST", "/api/upload/csv?preview=true&charset=windows-1251", file), 201);
    assertThat(preview.at("/rows/0/product/name").asString()).isNotEqualTo("Stühle für Gäste");
    assertThat(preview.at("/settings/charset").asString()).isEqualTo("windows-1251");

    JsonNode patched = ok(call("PATCH", path(preview), "{\"charset\":\"windows-1252\"}"), 200);

    assertThat(patched.at("/rows/0/product/name").asString()).isEqualTo("Stühle für Gäste");
    JsonNode detected = ok(call("PATCH", path(preview), "{\"charset\":null}"), 200);
    assertThat(detected.at("/settings/charset").isMissingNode()).isTrue();
    assertProblem(call("PATCH", path(preview), "{\"charset\":\"x\"}"), 400, "parameter");
    assertProblem(call("PATCH", path(preview), "{\"colour\":\"x\"}"), 400, "parameter");
    assertProblem(call("PATCH", path(preview), "[]"), 400, "parameter");
  }

  @Test
  @Shows("preview.patch")
  void aFieldThatMovesLeavesTheColumnBefore() {
    JsonNode preview = preview("", "sku,name,Image,Image\nA,n,x,y\n");
    ok(call("PATCH", path(preview), "{\"mapping\":[{\"column\":3,\"field\":\"brand\"}]}"), 200);
    JsonNode moved =
        ok(call("PATCH", path(preview), "{\"mapping\":[{\"column\":4,\"field\":\"brand\"}]}"), 200);

    assertThat(moved.get("problem").isNull()).isTrue();
    assertThat(moved.at("/columns/2/field").isNull()).isTrue();
    assertThat(moved.at("/columns/3/field").asString()).isEqualTo("brand");
    assertThat(moved.at("/rows/0/product/brand").asString()).isEqualTo("y");
    JsonNode beyond =
        ok(call("PATCH", path(preview), "{\"mapping\":[{\"column\":9,\"field\":\"gtin\"}]}"), 200);
    assertThat(beyond.at("/problem/type").asString()).endsWith(":mapping");
  }

  @Test
  @Shows({"preview.import", "preview.owns-file"})
  void requestsAtOnceMakeOneJobWhichOwnsItsFile() throws Exception {
    scheduler.pause();
    JsonNode preview = preview("", "sku,name\nA,n\n");
    List<CompletableFuture<String>> answers =
        IntStream.range(0, 4)
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () -> call("POST", path(preview) + "/import", "").body()))
            .toList();

    assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    assertThat(database.sql("SELECT COUNT(*) FROM job").query(Integer.class).single()).isOne();
    assertThat(stored()).hasSize(2);
    ok(call("GET", path(preview), ""), 200);
    assertThat(call("DELETE", path(preview), "").statusCode()).isEqualTo(204);
    assertThat(stored()).hasSize(1);
    assertProblem(call("GET", path(preview), ""), 404, "preview-unknown");
    scheduler.resume();
    assertThat(ended(json.readTree(answers.getFirst().join())).get("status").asString())
        .isEqualTo("COMPLETED");
  }

  @Test
  @Shows("preview.expiry")
  void expiresAnHourAfterItsLastUse() throws Exception {
    JsonNode preview = preview("", "sku,name\nA,n\n");
    clock.pass(Duration.ofMinutes(59));
    ok(call("GET", path(preview), ""), 200);
    clock.pass(Duration.ofMinutes(59));
    expireKeptFiles.expireKeptFiles();
    ok(call("GET", path(preview), ""), 200);
    clock.pass(Duration.ofMinutes(60));
    assertProblem(call("POST", path(preview) + "/import", ""), 410, "expired");

    expireKeptFiles.expireKeptFiles();

    assertThat(stored()).isEmpty();
    assertProblem(call("GET", path(preview), ""), 410, "expired");
    assertProblem(call("PATCH", path(preview), "{}"), 410, "expired");
    assertProblem(call("DELETE", path(preview), ""), 410, "expired");
    clock.pass(Duration.ofDays(8));
    expireKeptFiles.expireKeptFiles();
    assertProblem(call("GET", path(preview), ""), 404, "preview-unknown");
  }

  @Test
  @Shows("preview.expiry")
  void isNeverKeptLongerThanADay() {
    JsonNode preview = preview("", "sku,name\nA,n\n");
    for (int i = 0; i < 26; i++) {
      clock.pass(Duration.ofMinutes(55));
      ok(call("GET", path(preview), ""), 200);
    }
    clock.pass(Duration.ofMinutes(20));
    assertProblem(call("GET", path(preview), ""), 410, "expired");
  }

  @Test
  @Shows("preview.limit")
  void aCallerHasSoManyPreviewsOnly() throws Exception {
    JsonNode first = preview("", "sku,name\nA,n\n");
    clock.pass(Duration.ofMinutes(10));
    for (int i = 0; i < 3; i++) {
      preview("", "sku,name\nA,n\n");
    }
    clock.pass(Duration.ofMinutes(5));
    HttpResponse<String> refused = call("POST", "/api/upload/csv?preview=true", "sku,name\nA,n\n");
    assertProblem(refused, 429, "quota");
    long wait = Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow());
    assertThat(wait).isBetween(44 * 60L, 45 * 60L);
    assertThat(json.readTree(refused.body()).get("detail").asString())
        .contains("the first of them expires in 45 minutes");
    assertThat(stored()).hasSize(4);

    ok(call("GET", path(first), ""), 200);
    HttpResponse<String> later = call("POST", "/api/upload/csv?preview=true", "sku,name\nA,n\n");
    assertThat(Long.parseLong(later.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(54 * 60L, 55 * 60L);
  }

  @Test
  @Shows({"preview.dry-run", "preview.dry-run.refused"})
  void theFileOfADryRunIsImported() throws Exception {
    String file = "sku,name\nA,n\nB,m\n";
    scheduler.pause();
    JsonNode dryRun = ok(call("POST", "/api/upload/csv?dryRun=true", file), 202);
    String path = "/api/jobs/" + dryRun.get("transactionId").asString() + "/import";
    assertProblem(call("POST", path, ""), 409, "job-running");
    scheduler.resume();
    ended(dryRun);

    HttpResponse<String> answer = call("POST", path, "");

    JsonNode job = ok(answer, 202);
    assertThat(call("POST", path, "").body()).isEqualTo(answer.body());
    JsonNode imported = ended(job);
    assertThat(imported.get("dryRunId").asString())
        .isEqualTo(dryRun.get("transactionId").asString());
    assertThat(imported.at("/counts/created").asInt()).isEqualTo(2);
    String own = "/api/jobs/" + job.get("transactionId").asString() + "/import";
    assertProblem(call("POST", own, ""), 409, "not-a-dry-run");
    clock.pass(Duration.ofHours(1));
    assertProblem(call("POST", path, ""), 410, "expired");
    expireKeptFiles.expireKeptFiles();
    assertThat(stored()).isEmpty();
    assertProblem(call("POST", path, ""), 410, "expired");
    assertProblem(call("POST", "/api/jobs/0123456789abcdef/import", ""), 404, "job-unknown");
  }

  @Test
  @Shows({"policy.mode", "policy.reject-all", "policy.stop"})
  void policiesHoldOnEitherDatabase() {
    JsonNode first = ok(call("POST", "/api/upload/csv", "sku,name\nA,n\n"), 202);
    ended(first);

    JsonNode created =
        ended(ok(call("POST", "/api/upload/csv?mode=create", "sku,name\nA,m\nB,m\n"), 202));
    assertThat(created.at("/counts/created").asInt()).isOne();
    assertThat(created.at("/counts/rejected").asInt()).isOne();
    JsonNode updated =
        ended(ok(call("POST", "/api/upload/csv?mode=update", "sku,name\nB,k\nC,k\n"), 202));
    assertThat(updated.at("/counts/updated").asInt()).isOne();
    assertThat(updated.at("/counts/rejected").asInt()).isOne();
    JsonNode none =
        ended(ok(call("POST", "/api/upload/csv?onError=reject-all", "sku,name\nD,n\n,x\n"), 202));
    assertThat(none.at("/error/code").asString()).isEqualTo("too-many-rejections");
    assertThat(call("GET", "/api/products/D", "").statusCode()).isEqualTo(404);
    JsonNode stopped =
        ended(ok(call("POST", "/api/upload/csv?onError=stop", "sku,name\nE,n\n,x\nF,n\n"), 202));
    assertThat(stopped.at("/counts/rows").asInt()).isEqualTo(2);
    assertThat(call("GET", "/api/products/F", "").statusCode()).isEqualTo(404);
    assertProblem(call("POST", "/api/upload/csv?mode=x", "sku,name\n"), 400, "parameter");
    assertProblem(call("POST", "/api/upload/csv?maxErrors=-1", "sku,name\n"), 400, "parameter");
    assertProblem(call("POST", "/api/upload/csv?onError=x", "sku,name\n"), 400, "parameter");
  }

  @Test
  @Shows({"profile.named", "profile.offered"})
  void aProfileIsSavedFromAPreviewAndOffered() {
    JsonNode first = preview("", UNKNOWN_SKU);
    ok(call("PATCH", path(first), "{\"mapping\":[{\"column\":1,\"field\":\"sku\"}]}"), 200);
    String save =
        "{\"previewId\":\"%s\",\"blank\":\"keep\"}".formatted(first.get("previewId").asString());

    assertThat(ok(call("PUT", "/api/profiles/mine", save), 201).at("/settings/blank").asString())
        .isEqualTo("keep");
    ok(call("PUT", "/api/profiles/mine", save), 200);

    JsonNode second = preview("", UNKNOWN_SKU);
    assertThat(second.get("profile").asString()).isEqualTo("mine");
    assertThat(second.get("problem").isNull()).isFalse();
    JsonNode applied = ok(call("PATCH", path(second), "{\"profile\":\"mine\"}"), 200);
    assertThat(applied.get("problem").isNull()).isTrue();
    assertThat(applied.at("/settings/profile").asString()).isEqualTo("mine");
    JsonNode other = preview("", "Preis;Artikel;Bezeichnung\n1,50;A2;Stuhl\n");
    assertThat(other.get("profile").isNull()).isTrue();
    JsonNode job =
        ok(
            call("POST", "/api/upload/csv?profile=mine", "Preis;Artikel;Bezeichnung\n1,50;A2;n\n"),
            202);
    assertThat(ended(job).at("/counts/created").asInt()).isOne();
    assertProblem(call("POST", "/api/upload/csv?profile=other", UNKNOWN_SKU), 400, "parameter");
    assertThat(ok(call("GET", "/api/profiles", ""), 200).at("/items/0/name").asString())
        .isEqualTo("mine");
    assertThat(ok(call("GET", "/api/profiles/mine", ""), 200).at("/mapping/0/header").asString())
        .isEqualTo("Artikel");
    assertThat(call("DELETE", "/api/profiles/mine", "").statusCode()).isEqualTo(204);
    assertProblem(call("GET", "/api/profiles/mine", ""), 404, "profile-unknown");
    assertProblem(call("DELETE", "/api/profiles/mine", ""), 404, "profile-unknown");
  }

  @Test
  @Shows("profile.named")
  void aProfileKeepsTheColumnUsesThatItsPreviewInherits() {
    String file = "sku;title;cost;title2;note\nA3;n;1,50;m;x\n";
    String uses = "?map=title2:name&map=cost:price&map=title:-&decimal=comma&map=note:-";
    JsonNode parent = ended(ok(call("POST", "/api/upload/csv" + uses, file), 202));
    JsonNode preview = preview("&parent=" + parent.get("transactionId").asString(), file);
    ok(call("PATCH", path(preview), "{\"mapping\":[{\"column\":5,\"field\":\"brand\"}]}"), 200);
    String save = "{\"previewId\":\"%s\"}".formatted(preview.get("previewId").asString());

    JsonNode saved = ok(call("PUT", "/api/profiles/mine", save), 201);

    assertThat(saved.get("mapping").valueStream().map(JsonNode::toString))
        .containsExactlyInAnyOrder(
            "{\"header\":\"note\",\"field\":\"brand\"}",
            "{\"header\":\"cost\",\"field\":\"price\"}",
            "{\"header\":\"sku\",\"field\":\"sku\"}",
            "{\"header\":\"title\",\"field\":\"-\"}",
            "{\"header\":\"title2\",\"field\":\"name\"}");
    String other = "note;title2;cost;sku\nAcme;Lamp;2,50;A4\n";
    JsonNode job = ended(ok(call("POST", "/api/upload/csv?profile=mine", other), 202));
    assertThat(job.at("/counts/created").asInt()).as(job.toString()).isOne();
    JsonNode product = ok(call("GET", "/api/products/A4", ""), 200);
    assertThat(product.get("name").asString()).isEqualTo("Lamp");
    assertThat(product.get("brand").asString()).isEqualTo("Acme");
    assertThat(product.get("price").decimalValue()).isEqualByComparingTo("2.5");
  }
}
