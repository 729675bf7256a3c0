package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the lists and the products report about the rows of an import. */
class ReportedRowsTest extends ImportTestBase {

  /** The row and line of a rejection, and its first error code. */
  static String at(JsonNode rejection) {
    return "row %s, line %s: %s"
        .formatted(
            rejection.get("row"), rejection.get("line"), rejection.at("/errors/0/code").asString());
  }

  @Test
  @Shows({"row.number", "row.line", "row.blank-lines"})
  void rowsAreCountedFromOneAndLinesAsTheFileHasThem() throws Exception {
    Job job = imported("\nA,\n \t \nB,\"two\nlines\"\r\n\r\n,x\rC,c\n");

    assertThat(counts(job)).isEqualTo(new Counts(4, 2, 0, 0, 2, 0, 0));
    assertThat(rejections(job))
        .extracting(ReportedRowsTest::at)
        .containsExactly("row 1, line 3: name-missing", "row 3, line 8: sku-missing");
  }

  @Test
  @Shows({
    "code.sku-missing",
    "code.sku-length",
    "code.name-missing",
    "code.name-length",
    "code.price",
    "code.currency",
    "code.quantity",
    "code.gtin",
    "code.image-url",
    "code.field-count",
    "code.quote",
    "code.record-too-large",
    "code.charset",
    "check.bad-rows",
    "check.charset.mostly-utf-8",
    "field.gtin"
  })
  void everyCodeIsReported() throws Exception {
    String good = "A%d,é,1,EUR,1,12345678,http://shop.example\n";
    String text =
        "sku,name,price,currency,quantity,gtin,image url\n"
            + ",b,,,,,\n"
            + "s".repeat(65)
            + ",b,,,,,\n"
            + "B,,,,,,\n"
            + "B,"
            + "n".repeat(256)
            + ",,,,,\n"
            + "B,b,-1,,,,\n"
            + "B,b,,ZZZ,,,\n"
            + "B,b,,,1.5,,\n"
            + "B,b,,,,123,\n"
            + "B,b,,,,,ftp://shop.example\n"
            + "B,b\n"
            + "B,\"b\"x,,,,,\n"
            + "B,b"
            + ",".repeat(1000)
            + "\n"
            + "B,?,,,,,\n";
    String file =
        text + IntStream.range(0, 10).mapToObj(good::formatted).reduce("", String::concat);
    byte[] bytes = file.getBytes(UTF_8);
    bytes[text.getBytes(UTF_8).length - 7] = (byte) 0xE9;

    Job job = awaitEnd(upload("", bytes));

    assertThat(counts(job)).isEqualTo(new Counts(23, 10, 0, 0, 13, 0, 0));
    assertThat(rejections(job))
        .extracting(rejection -> rejection.at("/errors/0/code").asString())
        .containsExactly(
            "sku-missing",
            "sku-length",
            "name-missing",
            "name-length",
            "price",
            "currency",
            "quantity",
            "gtin",
            "image-url",
            "field-count",
            "quote",
            "record-too-large",
            "charset");
  }

  @Test
  @Shows({"row.error", "row.errors-all"})
  void anErrorNamesItsColumnAsTheHeaderWritesIt() throws Exception {
    Job job = awaitEnd(upload("", "S-K_U,NAME,Image Url\n,b,x\nA\n"));

    List<JsonNode> rejections = rejections(job);
    JsonNode errors = rejections.getFirst().get("errors");
    assertThat(errors).hasSize(2);
    assertThat(errors.get(0).propertyNames()).containsExactly("column", "code", "detail", "value");
    assertThat(errors.get(0).get("column").asString()).isEqualTo("S-K_U");
    assertThat(errors.get(0).get("value").asString()).isEmpty();
    assertThat(errors.get(1).get("column").asString()).isEqualTo("Image Url");
    assertThat(errors.get(1).get("code").asString()).isEqualTo("image-url");
    assertThat(errors.get(1).get("value").asString()).isEqualTo("x");
    JsonNode whole = rejections.get(1).at("/errors/0");
    assertThat(whole.get("column").isNull()).isTrue();
    assertThat(whole.get("code").asString()).isEqualTo("field-count");
  }

  @Test
  @Shows({"cell.trimmed", "cell.code-points", "cell.stray-quote", "cell.price-number"})
  void cellsAreTrimmedAndPricesAreNumbers() throws Exception {
    String wide = "😀".repeat(255);
    Job job =
        awaitEnd(upload("", "sku,name,price,brand\n A ,\t5\" pipe ,1.50, \t\nB," + wide + ",1,\n"));

    assertThat(counts(job)).isEqualTo(new Counts(2, 2, 0, 0, 0, 0, 0));
    JsonNode stored = json(product("A"));
    assertThat(stored.get("name").asString()).isEqualTo("5\" pipe");
    assertThat(stored.get("price").toString()).isEqualTo("1.5");
    assertThat(stored.get("brand").isNull()).isTrue();
    assertThat(json(product("B")).get("name").asString()).isEqualTo(wide);
    Job again = awaitEnd(upload("", "sku,name,price\nA,5\" pipe,1.5\nA,5\" pipe,01.5000\n"));
    assertThat(counts(again)).isEqualTo(new Counts(2, 0, 0, 2, 0, 0, 0));
  }

  @Test
  @Shows({"call.products", "row.sku-again"})
  void theRowsOfAJobShowWhatIsStoredNow() throws Exception {
    Job first = imported("A,first\nB,only\nA,again\n");
    imported("A,later\n");

    String lines = get("/api/jobs/" + first.id() + "/products", "application/x-ndjson").body();
    assertThat(lines.lines().map(this::json))
        .extracting(
            item ->
                "%s %s %s"
                    .formatted(
                        item.get("row"),
                        item.get("result").asString(),
                        item.at("/product/name").asString()))
        .containsExactly("1 created later", "2 created only", "3 updated later");
  }

  @Test
  @Shows("call.paged")
  void acceptedAndRejectedRowsComePageByPage() throws Exception {
    Job job = imported("A,a\n,x\nB,b\n,y\nC,c\n");

    assertThat(rowsPageByPage(job, "products")).containsExactly(1, 3, 5);
    assertThat(rowsPageByPage(job, "rejections")).containsExactly(2, 4);
  }

  private List<Integer> rowsPageByPage(Job job, String list) throws Exception {
    List<Integer> rows = new ArrayList<>();
    String after = "";
    do {
      String path = "/api/jobs/" + job.id() + "/" + list + "?limit=2" + after;
      JsonNode page = json(get(path, "application/json").body());
      assertThat(page.propertyNames()).containsExactly("items", "next");
      page.get("items").forEach(item -> rows.add(item.get("row").asInt()));
      after = page.get("next").isNull() ? null : "&after=" + page.get("next").asString();
    } while (after != null);
    return rows;
  }

  @Test
  @Shows({"job.bytes", "job.bytes.transcoded", "job.charset"})
  void bytesAreThoseOfTheUploadedFileInItsOwnCharset() throws Exception {
    byte[] file = ("\uFEFFsku,name\n" + rows(0, 25, "é")).getBytes(UTF_16LE);

    String id = awaitEnd(upload("", file)).id();

    JsonNode job = json(get("/api/jobs/" + id, "application/json").body());
    assertThat(job.get("charset").asString()).isEqualTo("UTF-16LE");
    assertThat(job.get("bytes").toString())
        .isEqualTo("{\"read\":%1$d,\"total\":%1$d}".formatted(file.length));
  }

  @Test
  @Shows({"csv.restored", "csv.ignored-columns"})
  void onlyAnUploadWithRowAndErrorLosesWhatAnExportAdded() throws Exception {
    imported("A,'=x\n");
    awaitEnd(upload("", "sku,name,_row,_error\nB,'=x,1,e\nC,''=x,2,e\nD,'x,3,e\nE,=x,4,e\n"));

    List<String> names = new ArrayList<>();
    for (String sku : List.of("A", "B", "C", "D", "E")) {
      JsonNode product = json(product(sku));
      names.add(product.get("name").asString());
      assertThat(product.get("attributes")).isEmpty();
    }
    assertThat(names).containsExactly("'=x", "=x", "'=x", "'x", "=x");
  }
}
