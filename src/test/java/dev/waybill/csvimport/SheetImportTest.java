package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.sheet.WorkbookBuilder;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Imports workbooks and archives, from the upload to the products. */
class SheetImportTest extends ImportTestBase {

  private static final String XLSX =
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

  private static final byte[] BOOK =
      new WorkbookBuilder()
          .table(
              "Products",
              List.of(
                  List.of("sku", "name", "price", "weight"),
                  List.of("A-1", "Mug, \"large\"\nblue", "12.9", "1.234"),
                  List.of("", "nameless", "3"),
                  List.of("4006381333931", "Cup", "7")))
          .table("Stock", List.of(List.of("sku", "quantity"), List.of("A-1", "5")))
          .bytes();

  @Test
  @Shows("upload.sheet.line")
  void importsAWorkbook() throws Exception {
    HttpResponse<String> answer = send("?fileName=shop.xlsx", XLSX, BOOK);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = json(answer.body()).get("transactionId").asString();

    Job job = awaitEnd(id);

    JsonNode view = json(get("/api/jobs/" + id, "application/json").body());
    assertThat(view.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(view.get("bytes").get("total").asInt()).isEqualTo(BOOK.length);
    assertThat(view.get("bytes").get("read").asInt()).isEqualTo(BOOK.length);
    assertThat(view.get("counts").get("created").asInt()).isEqualTo(2);
    assertThat(notices(view)).contains("sheet");
    JsonNode product = json(product("A-1"));
    assertThat(product.get("name").asString()).isEqualTo("Mug, \"large\"\nblue");
    assertThat(product.get("price").decimalValue()).isEqualByComparingTo("12.9");
    assertThat(product.get("attributes").get("weight").asString()).isEqualTo("1.234");
    assertThat(json(product("4006381333931")).get("name").asString()).isEqualTo("Cup");
    JsonNode rejection = rejections(job).getFirst();
    assertThat(rejection.get("line").asInt()).isEqualTo(3);
    assertThat(rejection.get("original").asString()).isEqualTo(",nameless,3,");
  }

  @Test
  @Shows("upload.sheet")
  void importsTheNamedSheet() throws Exception {
    awaitEnd(id(send("", XLSX, BOOK)));

    awaitEnd(id(send("?sheet=stock", XLSX, BOOK)));

    assertThat(json(product("A-1")).get("quantity").asInt()).isEqualTo(5);
    assertRefused(send("?sheet=Prices", XLSX, BOOK), 400, "parameter", "“Products”, “Stock”");
    assertRefused(send("?sheet=", XLSX, BOOK), 400, "parameter", "sheet");
  }

  @Test
  @Shows("upload.sheet.typed")
  void readsAsTheSheetDoesWhatATextFileLeavesOpen() throws Exception {
    byte[] book =
        new WorkbookBuilder()
            .table("S", List.of(List.of("sku", "name", "price"), List.of("A-1", "Mug", "1.234")))
            .bytes();

    awaitEnd(id(send("", XLSX, book)));

    assertThat(json(product("A-1")).get("price").decimalValue()).isEqualByComparingTo("1.234");
  }

  @Test
  void asksWhereATextInASheetCanBeReadInTwoWays() throws Exception {
    WorkbookBuilder book = new WorkbookBuilder();
    book.sheet(
        "S",
        "<row>%s%s%s</row><row>%s%s%s</row>"
            .formatted(
                book.text("A1", "sku"),
                book.text("B1", "name"),
                book.text("C1", "price"),
                book.text("A2", "A-1"),
                book.text("B2", "Mug"),
                book.text("C2", "1.234")));

    assertRefused(send("", XLSX, book.bytes()), 422, "number-format", "1.234");
  }

  /** A library that writes a workbook without calculating stores formulas with an empty result. */
  @Test
  void aFormulaWithoutAStoredResultClearsNoPrice() throws Exception {
    byte[] stored =
        new WorkbookBuilder()
            .table("S", List.of(List.of("sku", "name", "price"), List.of("FO-1", "Cup", "9.9")))
            .bytes();
    WorkbookBuilder book = new WorkbookBuilder();
    book.sheet(
        "S",
        "<row>%s%s%s</row><row>%s%s<c r=\"C2\"><f>B9*1.19</f><v /></c></row><row><c r=\"A3\"><f>A2</f><v/></c>%s</row>"
            .formatted(
                book.text("A1", "sku"),
                book.text("B1", "name"),
                book.text("C1", "price"),
                book.text("A2", "FO-1"),
                book.text("B2", "Cup"),
                book.text("B3", "Mug")));
    awaitEnd(id(send("", XLSX, stored)));

    Job job = awaitEnd(id(send("", XLSX, book.bytes())));

    List<String> codes =
        rejections(job).stream()
            .map(rejection -> rejection.get("errors").get(0).get("code").asString())
            .toList();
    assertThat(codes).containsExactly("price", "sku-damaged");
    String id = job.id();
    assertThat(notices(json(get("/api/jobs/" + id, "application/json").body())))
        .contains("formula-unknown");
    assertThat(json(product("FO-1")).get("price").decimalValue()).isEqualByComparingTo("9.9");

    Job dropping = awaitEnd(id(send("?badCell=drop", XLSX, book.bytes())));

    assertThat(rejections(dropping)).hasSize(1);
    assertThat(json(product("FO-1")).get("price").decimalValue()).isEqualByComparingTo("9.9");
  }

  @Test
  void rejectsAnErrorInPlaceOfASku() throws Exception {
    WorkbookBuilder book = new WorkbookBuilder();
    book.sheet(
        "S",
        "<row>%s%s</row><row><c r=\"A2\" t=\"e\"><v>#REF!</v></c>%s</row>"
            .formatted(book.text("A1", "sku"), book.text("B1", "name"), book.text("B2", "Mug")));

    Job job = awaitEnd(id(send("", XLSX, book.bytes())));

    assertThat(rejections(job).getFirst().get("errors").get(0).get("code").asString())
        .isEqualTo("sku-damaged");
  }

  @Test
  void exportsTheRejectedRowsOfASheetSoThatTheyGoBack() throws Exception {
    byte[] book =
        new WorkbookBuilder()
            .table(
                "S", List.of(List.of("sku", "name", "note"), List.of("", "a\nb", "c:\\new, \"x\"")))
            .bytes();
    String id = id(send("", XLSX, book));
    awaitEnd(id);

    String csv = get("/api/jobs/" + id + "/rejections", "text/csv").body();

    assertThat(csv).contains(",\"a\nb\",\"c:\\new, \"\"x\"\"\",1,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"products.csv", "export/products.TSV", "export/shop.xlsx"})
  @Shows("upload.zip")
  void importsTheOneTableOfAnArchive(String name) throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("export/", new byte[0]);
    files.put("__MACOSX/._products.csv", new byte[] {1});
    files.put("export/.hidden.csv", new byte[] {1});
    files.put("export/readme.pdf", "%PDF-".getBytes(UTF_8));
    files.put(
        name,
        name.endsWith("xlsx")
            ? BOOK
            : "sku,name\nA-1,\"Mug, \"\"large\"\"\nblue\"\n".getBytes(UTF_8));
    byte[] zip = WorkbookBuilder.zipOf(files);

    String id = id(send("", "application/zip", zip));
    awaitEnd(id);

    assertThat(json(product("A-1")).get("name").asString()).isEqualTo("Mug, \"large\"\nblue");
    assertThat(
            json(get("/api/jobs/" + id, "application/json").body())
                .get("bytes")
                .get("total")
                .asInt())
        .isEqualTo(zip.length);
  }

  @Test
  void takesAWorkbookAsAPartAndUnderAnyType() throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\nContent-Type: %s\r\n\r\n"
            .formatted(XLSX)
            .getBytes(UTF_8));
    body.writeBytes(BOOK);
    body.writeBytes("\r\n--cut--\r\n".getBytes(UTF_8));

    awaitEnd(id(send("", "multipart/form-data; boundary=cut", body.toByteArray())));
    awaitEnd(id(send("", "text/csv", BOOK)));

    assertThat(product("A-1")).contains("Mug");
  }

  @Test
  @Shows({"upload.zip", "upload.sheet.refused"})
  void refusesWhatIsNotOneTable() throws Exception {
    refuseZip(Map.of("a.csv", "sku", "b.xlsx", "x"), "“a.csv”", "“b.xlsx”", "2 tables");
    refuseZip(Map.of("a.pdf", "x"), "without a CSV or XLSX", "“a.pdf”");
    refuseZip(Map.of("../../etc/cron.d/a.txt", "%PDF-1.7"), "a PDF");
    refuseZip(Map.of("mimetype", "x", "content.xml", "x"), "ODS");
    refuseZip(Map.of("[Content_Types].xml", "x", "word/document.xml", "x"), "without a sheet");
    refuseZip(Map.of("[Content_Types].xml", "x", "xl/workbook.bin", "x"), "XLSB");
    byte[] inner = WorkbookBuilder.zip(Map.of("a.csv", "sku,name\nA,B\n"));
    assertRefused(
        send("", "application/zip", WorkbookBuilder.zipOf(Map.of("inner.csv", inner))),
        415,
        "not-text",
        "within a ZIP");
    byte[] encrypted = WorkbookBuilder.zip(Map.of("a.csv", "sku,name\nA,B\n"));
    encrypted[encrypted.length - 22 - 46 - 5 + 8] |= 1;
    assertRefused(send("", "application/zip", encrypted), 415, "not-text", "encrypted");
    byte[] cut = java.util.Arrays.copyOf(BOOK, BOOK.length / 2);
    assertRefused(send("", XLSX, cut), 415, "not-text", "damaged");
  }

  @Test
  @Shows("upload.sheet.limits")
  void refusesABombAndNamesTheLimit() throws Exception {
    byte[] bomb = WorkbookBuilder.zipOf(Map.of("a.csv", new byte[32 << 20]));

    assertRefused(
        send("", "application/zip", bomb), 413, "too-large", "waybill.upload.max-inflate-ratio");
    assertThat(Files.list(stored(".")).filter(file -> file.toString().endsWith(".part"))).isEmpty();
  }

  @Test
  void answersTheSameForARepeatedKey() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("/api/upload/csv?sheet=1"))
            .header("Content-Type", XLSX)
            .header("Idempotency-Key", "\"sheet-1\"")
            .POST(HttpRequest.BodyPublishers.ofByteArray(BOOK));

    String first = http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    String second = http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();

    assertThat(second).isEqualTo(first);
    awaitEnd(json(first).get("transactionId").asString());
  }

  @Test
  void noticesTheSameFileOfTheSameCaller() throws Exception {
    String first = id(send("", XLSX, BOOK));
    awaitEnd(first);
    String second = id(send("?dryRun=true", XLSX, BOOK));
    awaitEnd(second);

    JsonNode view = json(get("/api/jobs/" + second, "application/json").body());

    assertThat(notices(json(get("/api/jobs/" + first, "application/json").body())))
        .doesNotContain("same-file");
    assertThat(notices(view)).contains("same-file");
    assertThat(view.get("notices").get(0).get("detail").asString()).contains(first);
    assertThat(view.get("notices").get(0).get("transactionId").asString()).isEqualTo(first);
  }

  @Test
  void previewsAndImportsAWorkbook() throws Exception {
    HttpResponse<String> answer = send("?preview=true&sheet=2", XLSX, BOOK);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonNode preview = json(answer.body());
    assertThat(preview.get("sheet").asString()).isEqualTo("Stock");
    assertThat(preview.get("columns").get(1).get("field").asString()).isEqualTo("quantity");
    awaitEnd(id(send("", XLSX, BOOK)));

    HttpResponse<String> made =
        http.send(
            HttpRequest.newBuilder(
                    uri("/api/previews/" + preview.get("previewId").asString() + "/import"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String id = id(made);
    awaitEnd(id);

    assertThat(json(product("A-1")).get("quantity").asInt()).isEqualTo(5);
    assertThat(json(made.body()).get("bytes").get("total").asInt()).isEqualTo(BOOK.length);
  }

  @Test
  void importsTheSheetOfADryRun() throws Exception {
    String dryRun = id(send("?dryRun=true", XLSX, BOOK));
    awaitEnd(dryRun);

    HttpResponse<String> made =
        http.send(
            HttpRequest.newBuilder(uri("/api/jobs/" + dryRun + "/import"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    awaitEnd(id(made));

    assertThat(json(product("A-1")).get("price").decimalValue()).isEqualByComparingTo("12.9");
  }

  private void refuseZip(Map<String, String> files, String... words) throws Exception {
    assertRefused(send("", "application/zip", WorkbookBuilder.zip(files)), 415, "not-text", words);
  }

  private void assertRefused(
      HttpResponse<String> answer, int status, String problem, String... words) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer.body()).get("type").asString()).endsWith(":" + problem);
    assertThat(json(answer.body()).get("detail").asString()).contains(words);
  }

  private String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json(answer.body()).get("transactionId").asString();
  }

  private static List<String> notices(JsonNode view) {
    return view.get("notices").valueStream().map(n -> n.get("code").asString()).toList();
  }

  private HttpResponse<String> send(String query, String type, byte[] body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(
                uri("/api/upload/csv" + query.replace(" ", URLEncoder.encode(" ", UTF_8))))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
