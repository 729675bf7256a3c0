package dev.waybill.process;

import static dev.waybill.process.WaybillClient.NDJSON;
import static dev.waybill.process.WaybillClient.assertCounts;
import static dev.waybill.process.WaybillClient.assertProblem;
import static dev.waybill.process.WaybillClient.header;
import static dev.waybill.process.WaybillClient.id;
import static dev.waybill.process.WaybillClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an import reports about its rows: lists, exports, and what is stored. */
class ReadingIT {

  @TempDir private static Path folder;
  private static WaybillProcess service;
  private static WaybillClient client;

  @BeforeAll
  static void start() {
    // Chunks of two rows, so that a mistake at the end of a chunk shows.
    service = WaybillProcess.start(folder.resolve("data"), "--waybill.import.chunk-rows=2");
    client = new WaybillClient(service);
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
  }

  @Test
  @Shows({"check.header-only", "job.percent-at-the-end"})
  void aHeaderAloneIsAJobWithoutRows() throws IOException {
    JsonNode job = client.imported("", "sku,name\n");
    assertThat(job.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(job.get("percent").asDouble()).isEqualTo(100);
    assertCounts(job, 0, 0, 0, 0, 0);
    assertThat(client.text(id(job), "/products", NDJSON)).isEmpty();
    assertThat(client.text(id(job), "/rejections", "text/csv")).isEqualTo("sku,name,_row,_error\n");
  }

  @Test
  @Shows({"row.dry-run", "row.dry-run.alone", "call.products.null", "upload.query.dry-run"})
  void aDryRunCountsAndStoresNoProduct() throws IOException {
    client.imported("", "sku,name\nD1,Chair\nD2,Table\n");
    JsonNode job =
        client.imported("?dryRun=true", "sku,name\nD1,Chair\nD2,Desk\nD3,Lamp\nD3,Lamp\n,Bed\n");
    assertThat(job.get("dryRun").asBoolean()).isTrue();
    // Each row is compared with the table as it is, and not with earlier rows, so D3 is new twice.
    assertCounts(job, 5, 2, 1, 1, 1);
    assertProblem(client.get("/api/products/D3"), 404, "product-unknown");
    assertThat(json(client.get("/api/products/D2")).get("name").asString()).isEqualTo("Table");
    assertThat(client.text(id(job), "/products", NDJSON))
        .contains("{\"row\":3,\"result\":\"created\",\"product\":null}\n")
        .contains(
            "{\"row\":2,\"result\":\"updated\",\"product\":{\"sku\":\"D2\",\"name\":\"Table\"");
    assertThat(client.pages("/api/jobs/" + id(job) + "/rejections", 1)).hasSize(1);
  }

  @Test
  @Shows({"row.sku-again", "cell.price-number"})
  void aSkuThatComesAgainCountsAgainstItsEarlierRow() throws IOException {
    JsonNode job =
        client.imported(
            "", "sku,name,price\nR1,Chair,1.50\nR1,Chair,1.5\nR1,Chair,2\nR1,Chair,2.00\n");
    assertCounts(job, 4, 1, 1, 2, 0);
    assertThat(
            client
                .text(id(job), "/products", NDJSON)
                .lines()
                .map(line -> json(line).get("result").asString()))
        .containsExactly("created", "unchanged", "updated", "unchanged");
    assertThat(client.get("/api/products/R1").body()).contains("\"price\":2,");
  }

  @Test
  @Shows({"row.absent-column", "row.blank-clears", "row.attributes"})
  void anAbsentColumnLeavesAloneAndABlankCellClears() throws IOException {
    client.imported("", "sku,name,brand,price,Colour,Size\nA1,Chair,Oak,9.90,red,L\n");
    client.imported("", "sku,name,brand,Colour\nA1,Chair,,\n");
    assertThat(client.get("/api/products/A1").body())
        .isEqualTo(
            "{\"sku\":\"A1\",\"name\":\"Chair\",\"description\":null,\"price\":9.9,\"currency\":null,"
                + "\"quantity\":null,\"category\":null,\"brand\":null,\"gtin\":null,\"imageUrl\":null,"
                + "\"attributes\":{\"Size\":\"L\"}}");
  }

  @Test
  @Shows({
    "call.products",
    "call.products.ndjson",
    "call.products.csv",
    "call.paged",
    "csv.form",
    "csv.quotes",
    "csv.defused",
    "csv.numbers"
  })
  void productsComeAsPagesAsLinesAndAsATable() throws IOException {
    JsonNode job =
        client.imported(
            "",
            "sku,name,price,image_url,Colour\n"
                + "C1,Chair,1.50,https://shop.example/1.jpg,red\n"
                + "C2,,1,,\n"
                + "C3,\"=Ta,ble\",,,\n"
                + "C4,-5,,,\n");
    String list = "/api/jobs/" + id(job) + "/products";
    List<JsonNode> items = client.pages(list, 1);
    assertThat(items).extracting(item -> item.get("row").asInt()).containsExactly(1, 3, 4);
    assertThat(client.pages(list, 200)).isEqualTo(items);
    StringBuilder lines = new StringBuilder();
    items.forEach(item -> lines.append(item).append('\n'));
    assertThat(client.text(id(job), "/products", NDJSON)).isEqualTo(lines.toString());
    assertThat(items.getFirst().get("product").toString())
        .isEqualTo(client.get("/api/products/C1").body());
    HttpResponse<String> table = client.get(list, "Accept", "text/csv");
    assertThat(header(table, "Content-Type")).isEqualTo("text/csv;charset=UTF-8");
    assertThat(table.body())
        .isEqualTo(
            "row,result,sku,name,description,price,currency,quantity,category,brand,gtin,image_url,attributes\n"
                + "1,created,C1,Chair,,1.5,,,,,,https://shop.example/1.jpg,\"{\"\"Colour\"\":\"\"red\"\"}\"\n"
                + "3,created,C3,\"'=Ta,ble\",,,,,,,,,{}\n"
                + "4,created,C4,-5,,,,,,,,,{}\n");
  }

  @Test
  @Shows({"call.rejections", "row.errors-all", "row.error", "check.bad-rows"})
  void everyErrorOfARowIsReported() throws IOException {
    JsonNode job =
        client.imported(
            "",
            "SKU,name,Price,currency,quantity,gtin,image url\n"
                + ",,1.23456,ZZZ,many,12,ftp://x\n"
                + "x".repeat(65)
                + ","
                + "y".repeat(256)
                + ",1,EUR,1,12345678,http://shop.example\n"
                + "E1,Chair\n");
    JsonNode first = client.pages("/api/jobs/" + id(job) + "/rejections", 50).getFirst();
    assertThat(first.propertyNames()).containsExactly("row", "line", "errors", "original");
    assertThat(first.get("original").asString()).isEqualTo(",,1.23456,ZZZ,many,12,ftp://x");
    List<String> reported = new ArrayList<>();
    client
        .pages("/api/jobs/" + id(job) + "/rejections", 50)
        .forEach(
            rejection ->
                rejection
                    .get("errors")
                    .forEach(
                        error -> {
                          assertThat(error.propertyNames())
                              .containsExactly("column", "code", "detail", "value");
                          reported.add(
                              rejection.get("row")
                                  + " "
                                  + error.get("column").asString("-")
                                  + " "
                                  + error.get("code").asString());
                        }));
    assertThat(reported)
        .containsExactly(
            "1 SKU sku-missing",
            "1 name name-missing",
            "1 Price price",
            "1 currency currency",
            "1 quantity quantity",
            "1 gtin gtin",
            "1 image url image-url",
            "2 SKU sku-length",
            "2 name name-length",
            "3 - field-count");
  }

  @Test
  @Shows({
    "call.rejections.csv",
    "csv.restored",
    "csv.ignored-columns",
    "csv.defused",
    "csv.apostrophes",
    "csv.numbers"
  })
  void rejectedRowsAreMendedAndUploadedAgainWithEveryCharacterKept() throws IOException {
    List<String> names =
        List.of(
            "=1+1",
            "+plus",
            "-minus",
            "@at",
            "'=quoted",
            "''@twice",
            "'plain",
            "-5",
            "+1.5",
            "=a,\"b\"",
            "two\nlines",
            "-two\r\nlines",
            "Größe €");
    StringBuilder csv = new StringBuilder("sku;name;price;Note\n");
    for (int i = 0; i < names.size(); i++) {
      csv.append("X").append(i).append(";\"").append(names.get(i).replace("\"", "\"\""));
      csv.append("\";twelve;=cmd\n");
    }
    JsonNode job =
        client.awaitEnd(
            client.upload(
                "?charset=windows-1252", csv.toString().getBytes(Charset.forName("windows-1252"))));
    assertCounts(job, names.size(), 0, 0, 0, names.size());
    String exported = client.text(id(job), "/rejections", "text/csv");
    assertThat(exported)
        .startsWith("sku,name,price,Note,_row,_error\nX0,'=1+1,twelve,'=cmd,1,\"price: ")
        .contains("\nX4,''=quoted,twelve,")
        .contains("\nX5,'''@twice,twelve,")
        .contains("\nX6,'plain,twelve,")
        .contains("\nX7,-5,twelve,")
        .contains("\nX9,\"'=a,\"\"b\"\"\",twelve,")
        .contains("\nX12,Größe €,twelve,");

    // Uploaded again as it is, it is rejected again, and its own export says the same.
    JsonNode unmended = client.imported("", exported);
    assertCounts(unmended, names.size(), 0, 0, 0, names.size());
    assertThat(client.text(id(unmended), "/rejections", "text/csv")).isEqualTo(exported);

    JsonNode mended = client.imported("", exported.replace("twelve", "12"));
    assertCounts(mended, names.size(), names.size(), 0, 0, 0);
    for (int i = 0; i < names.size(); i++) {
      JsonNode product = json(client.get("/api/products/X" + i));
      assertThat(product.get("name").asString()).isEqualTo(names.get(i));
      assertThat(product.get("attributes").toString()).isEqualTo("{\"Note\":\"=cmd\"}");
    }
  }

  @Test
  @Shows("call.rejections.csv-misfit")
  void aRecordThatDoesNotFitTheHeaderStandsWholeInTheFirstColumn() throws IOException {
    JsonNode job = client.imported("", "sku,name,price\nO1,Chair\n=O2,Chair,1,2\nO3,\"Chair\n");
    String exported = client.text(id(job), "/rejections", "text/csv");
    assertThat(exported.lines().skip(1).toList())
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("\"O1,Chair\",,,1,"),
            line -> assertThat(line).startsWith("\"'=O2,Chair,1,2\",,,2,"),
            line -> assertThat(line).startsWith("\"O3,\"\"Chair\",,,3,"));
  }
}
