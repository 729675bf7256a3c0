package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.product.NumberSample;
import dev.waybill.sheet.WorkbookBuilder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A file that repairs rejected rows, and the import that rejected them. */
class ParentImportTest extends ImportTestBase {

  private static final String FILE =
      "sku;title;cost;stock;note\nP1;Lamp;1,50;viele;\nP2;=Desk;2,25;3;x\nP3;;3,75;4;\n";
  private static final String SETTINGS =
      "&map=title:name&map=cost:price&map=stock:quantity&map=note:-&decimal=comma&blank=keep"
          + "&maxErrors=5&mode=upsert";

  private JsonNode view(String id) throws Exception {
    return json(get("/api/jobs/" + id, "application/json").body());
  }

  private String rejected(Job job, String query) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/jobs/" + job.id() + "/rejections" + query)).build();
    return http.send(request, BodyHandlers.ofString(UTF_8)).body();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?form=original", "?form=excel"})
  @Shows({"call.upload.parent", "job.parent", "job.repaired"})
  void aRepairedFileIsReadAsTheFirstOne(String form) throws Exception {
    Job first = awaitEnd(upload("?fileName=a.csv" + SETTINGS, FILE));
    String mended = rejected(first, form).replace(";viele;", ";7;").replace("P3;;", "P3;Chair;");

    Job second = awaitEnd(upload("?parent=" + first.id(), mended));

    assertThat(rejections(second)).isEmpty();
    assertThat(json(product("P1")).get("price").asString()).isEqualTo("1.5");
    assertThat(json(product("P1")).get("quantity").asInt()).isEqualTo(7);
    assertThat(json(product("P3")).get("name").asString()).isEqualTo("Chair");
    JsonNode child = view(second.id());
    assertThat(child.get("parentId").asString()).isEqualTo(first.id());
    assertThat(child.get("maxErrors").asInt()).isEqualTo(5);
    assertThat(child.has("repairedRows")).isFalse();
    JsonNode parent = view(first.id());
    assertThat(parent.get("repairedRows").asInt()).isEqualTo(2);
    assertThat(parent.has("parentId")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?form=original", "?form=excel"})
  void aRepairedFileHasTheCurrencyOfItsHeader(String form) throws Exception {
    Job first =
        awaitEnd(
            upload("?fileName=a.csv", "sku;name;Preis (EUR)\nPC-1;Lamp;viel\nPC-2;Desk;1,5\n"));
    String mended = rejected(first, form).replace(";viel", ";9,50");

    Job second = awaitEnd(upload("?parent=" + first.id(), mended));

    assertThat(rejections(second)).isEmpty();
    assertThat(json(product("PC-1")).get("price").asString()).isEqualTo("9.5");
    assertThat(json(product("PC-1")).get("currency").asString()).isEqualTo("EUR");
    assertThat(json(product("PC-2")).get("currency").asString()).isEqualTo("EUR");
  }

  @Test
  @Shows("job.repaired")
  void aDryRunRepairsNothingAndNoRowIsRepairedTwice() throws Exception {
    Job first = awaitEnd(upload("?fileName=a.csv" + SETTINGS, FILE));
    String mended = "sku;title;cost;stock;note\nP1;Lamp;1,50;1;\n";

    awaitEnd(upload("?dryRun=true&parent=" + first.id(), mended));
    assertThat(view(first.id()).has("repairedRows")).isFalse();

    for (int i = 0; i < 3; i++) {
      awaitEnd(upload("?parent=" + first.id(), mended));
    }
    assertThat(view(first.id()).get("counts").get("rejected").asInt()).isEqualTo(2);
    assertThat(view(first.id()).get("repairedRows").asInt()).isEqualTo(2);
  }

  @Test
  @Shows("call.upload.parent")
  void whatTheRequestAsksForComesFirst() throws Exception {
    Job first = awaitEnd(upload("?fileName=a.csv" + SETTINGS, FILE));

    Job second =
        awaitEnd(
            upload(
                "?decimal=point&map=note:&maxErrors=1&parent=" + first.id(),
                "sku;title;cost;stock;note\nP1;Lamp;1.50;1;new\n"));

    assertThat(json(product("P1")).get("price").asString()).isEqualTo("1.5");
    JsonNode view = view(second.id());
    assertThat(view.get("maxErrors").asInt()).isEqualTo(1);
    assertThat(view.get("mapping").has("note")).isTrue();
  }

  /** The name of the column is found without regard to case, also against the inherited use. */
  @Test
  void anotherSpellingOfAColumnReplacesWhatIsInherited() throws Exception {
    Job first = awaitEnd(upload("?fileName=a.csv" + SETTINGS, FILE));
    String mended = "sku;title;cost;stock;note\nP1;Lamp;1,50;1;new\n";

    Job second = awaitEnd(upload("?map=STOCK:-&parent=" + first.id(), mended));

    assertThat(view(second.id()).get("mapping").has("stock")).isFalse();
  }

  @Test
  @Shows("call.upload.parent")
  void aPreviewRemembersItsParent() throws Exception {
    Job first = awaitEnd(upload("?fileName=a.csv" + SETTINGS, FILE));
    HttpResponse<String> preview =
        post(
            "/api/upload/csv?preview=true&parent=" + first.id(),
            "sku;title;cost;stock;note\nP1;Lamp;1,50;1;\n");
    String id = json(preview.body()).get("previewId").asString();

    HttpResponse<String> answer = post("/api/previews/" + id + "/import", "");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode child = json(answer.body());
    awaitEnd(child.get("transactionId").asString());
    assertThat(child.get("parentId").asString()).isEqualTo(first.id());
    assertThat(view(first.id()).get("repairedRows").asInt()).isEqualTo(1);
  }

  /** The first cells of both columns show no number that can be read in two ways. */
  private Job firstOfUndecidedRows() throws Exception {
    return awaitEnd(
        upload(
            "?fileName=a.csv",
            "sku,name,price,quantity\n"
                + "N1,Lamp,12.90,3\n".repeat(NumberSample.CELLS)
                + "P1,Lamp,1.234,3\nP2,Desk,2,1.000\n"));
  }

  private void assertUndecided(Job job) throws Exception {
    assertThat(rejections(job))
        .extracting(
            rejection -> rejection.at("/errors/0/code").asString(),
            rejection -> rejection.at("/errors/0/column").asString())
        .containsExactly(tuple("number-undecided", "price"), tuple("number-undecided", "quantity"));
  }

  @Test
  @Shows("call.upload.parent")
  void aNumberThatIsStillUndecidedIsRejectedAgain() throws Exception {
    Job first = firstOfUndecidedRows();
    assertUndecided(first);
    String unchanged = rejected(first, "?form=original");

    assertUndecided(awaitEnd(upload("?parent=" + first.id(), unchanged)));

    Job decided = awaitEnd(upload("?decimal=comma&parent=" + first.id(), unchanged));
    assertThat(json(product("P1")).get("price").asString()).isEqualTo("1234");
    assertThat(json(product("P2")).get("quantity").asInt()).isEqualTo(1000);
    assertThat(counts(decided).accepted()).isPositive();
  }

  @Test
  @Shows("call.upload.parent")
  void aPreviewRemembersHowItsParentReadNumbers() throws Exception {
    Job first = firstOfUndecidedRows();
    HttpRequest upload =
        HttpRequest.newBuilder(uri("/api/upload/csv?preview=true&parent=" + first.id()))
            .header("Content-Type", "text/csv;charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString(rejected(first, "?form=original")))
            .build();
    JsonNode preview = json(http.send(upload, BodyHandlers.ofString()).body());
    assertThat(preview.get("columns").findValuesAsString("decimal"))
        .containsExactly("point", "unknown");

    HttpResponse<String> answer =
        post("/api/previews/" + preview.get("previewId").asString() + "/import", "");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertUndecided(awaitEnd(json(answer.body()).get("transactionId").asString()));
  }

  @Test
  void quantitiesAreNotReadAsPricesAre() throws Exception {
    String header = "sku;name;price;quantity\n";
    Job first = awaitEnd(upload("?fileName=a.csv", header + "P1;Lamp;1,50;10.0\nP2;;2,50;12.0\n"));

    Job second = awaitEnd(upload("?parent=" + first.id(), header + "P2;Desk;2,50;12.0\n"));

    assertThat(rejections(second)).isEmpty();
    assertThat(json(product("P2")).get("quantity").asInt()).isEqualTo(12);
    assertThat(view(second.id()).get("notices").findValuesAsString("detail"))
        .contains(
            "An earlier import has found a decimal comma, so 1.234,50 is read as"
                + " 1234.5. decimal=point reads it otherwise.");
  }

  /** A spreadsheet stores 1.5 as a number, even if the column of the first file had commas. */
  @Test
  void aSheetKnowsItsNumbersBetterThanTheFirstImport() throws Exception {
    Job first =
        awaitEnd(upload("?fileName=a.csv", "sku;name;price\nP1;Lamp;1.249,50\nP2;;2.000,5\n"));

    byte[] book =
        new WorkbookBuilder()
            .table(
                "Products",
                List.of(List.of("sku", "name", "price"), List.of("P2", "Desk", "1.234")))
            .bytes();
    HttpRequest upload =
        HttpRequest.newBuilder(uri("/api/upload/csv?parent=" + first.id()))
            .header(
                "Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            .POST(HttpRequest.BodyPublishers.ofByteArray(book))
            .build();
    HttpResponse<String> answer = http.send(upload, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);

    Job second = awaitEnd(json(answer.body()).get("transactionId").asString());

    assertThat(rejections(second)).isEmpty();
    assertThat(json(product("P2")).get("price").asString()).isEqualTo("1.234");
  }

  @Test
  @Shows("call.upload.parent")
  void aPreviewWhoseRequestDeclaresACharsetKeepsTheInheritedColumns() throws Exception {
    Job first = awaitEnd(upload("?fileName=a.csv" + SETTINGS, FILE));
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/upload/csv?preview=true&parent=" + first.id()))
            .header("Content-Type", "text/csv; charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString(FILE))
            .build();

    JsonNode preview = json(http.send(request, BodyHandlers.ofString(UTF_8)).body());

    assertThat(preview.at("/columns/4/header").asString()).isEqualTo("note");
    assertThat(preview.at("/columns/4/field").asString()).isEqualTo("-");
  }

  /** Otherwise a caller with very many repairs of one job would make each look at it slow. */
  @Test
  void moreThanAThousandRepairsAreNotAddedUp() throws Exception {
    Job first = awaitEnd(upload("?fileName=a.csv" + SETTINGS, FILE));
    awaitEnd(upload("?parent=" + first.id(), "sku;title;cost;stock;note\nP1;Lamp;1,50;1;\n"));
    database
        .sql("UPDATE import_job SET rejected_count = 5000 WHERE job_id = ?")
        .param(first.id())
        .update();
    database
        .sql(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            INSERT INTO import_job (job_id, file_name, dry_run, charset, delimiter, shape, mapping,
              bytes_total, bytes_read, row_count, created_count, updated_count, unchanged_count,
              rejected_count, attempt_start_rows, attempt_start_bytes, parent_job)
            SELECT job_id || '-' || i, file_name, dry_run, charset, delimiter, shape, mapping,
              bytes_total, bytes_read, row_count, created_count, updated_count, unchanged_count,
              rejected_count, attempt_start_rows, attempt_start_bytes, parent_job
            FROM import_job, n WHERE parent_job = ?
            """)
        .param(first.id())
        .update();

    assertThat(view(first.id()).get("repairedRows").asInt()).isEqualTo(1000);
  }

  @Test
  @Shows("call.upload.parent")
  void anUnknownParentIsNotFound() throws Exception {
    HttpResponse<String> answer = post("/api/upload/csv?parent=nothing", "sku,name\nP1,x\n");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer.body()).get("type").asString()).endsWith(":job-unknown");
  }
}
