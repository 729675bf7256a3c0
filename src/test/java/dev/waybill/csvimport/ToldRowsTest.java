package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Counts;
import dev.waybill.job.Job;
import dev.waybill.stream.RawStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is told of the rows of an import: by its lists, its products and its stream. */
class ToldRowsTest extends ImportTestBase {

  private List<JsonNode> rejections(Job job) throws Exception {
    String path = "/api/jobs/" + job.id() + "/rejections?limit=200";
    JsonNode page = json(get(path, "application/json").body());
    return page.get("items").valueStream().toList();
  }

  private static String at(JsonNode rejection) {
    return "row %s, line %s: %s"
        .formatted(
            rejection.get("row"), rejection.get("line"), rejection.at("/errors/0/code").asString());
  }

  private String product(String sku) throws Exception {
    return get("/api/products/" + sku, "application/json").body();
  }

  @Test
  @Shows({"row.number", "row.line", "row.blank-lines"})
  void rowsAreCountedFromOneAndLinesAsTheFileHasThem() throws Exception {
    Job job = imported("\nA,\n \t \nB,\"two\nlines\"\r\n\r\n,x\rC,c\n");

    assertThat(job.counts()).isEqualTo(new Counts(4, 2, 0, 0, 2));
    assertThat(rejections(job))
        .extracting(ToldRowsTest::at)
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
    "check.charset.mostly-utf-8"
  })
  void everyCodeIsTold() throws Exception {
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
            + "B,b,,Euro,,,\n"
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

    assertThat(job.counts()).isEqualTo(new Counts(23, 10, 0, 0, 13));
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

    assertThat(job.counts()).isEqualTo(new Counts(2, 2, 0, 0, 0));
    JsonNode stored = json(product("A"));
    assertThat(stored.get("name").asString()).isEqualTo("5\" pipe");
    assertThat(stored.get("price").toString()).isEqualTo("1.5");
    assertThat(stored.get("brand").isNull()).isTrue();
    assertThat(json(product("B")).get("name").asString()).isEqualTo(wide);
    Job again = awaitEnd(upload("", "sku,name,price\nA,5\" pipe,1.5\nA,5\" pipe,01.5000\n"));
    assertThat(again.counts()).isEqualTo(new Counts(2, 0, 0, 2, 0));
  }

  @Test
  @Shows({"damage.max-lines", "damage.rest-anew"})
  void aRecordOfTooManyLinesCostsItsFirstLine() throws Exception {
    String lines = "x\n".repeat(4998);

    Job job =
        awaitEnd(
            upload(
                "",
                "sku,name,text\nA,a,\"t\n"
                    + lines
                    + "x\"\nB,b,\"t\n"
                    + lines
                    + "x\nC,c,t\"\nD,d,t\n"));

    // Each further line of the second record is read anew, and its last one is a sound row.
    assertThat(job.counts()).isEqualTo(new Counts(5003, 3, 0, 0, 5000));
    assertThat(rejections(job).getFirst().get("original").asString()).isEqualTo("B,b,\"t");
    assertThat(rejections(job).getFirst().get("errors").valueStream())
        .anySatisfy(
            error -> assertThat(error.get("code").asString()).isEqualTo("record-too-large"));
    assertThat(json(product("C")).at("/attributes/text").asString()).isEqualTo("t\"");
  }

  @Test
  @Shows("damage.max-columns")
  void aRecordOfTooManyColumnsCostsOneRow() throws Exception {
    String header =
        "sku,name" + IntStream.range(2, 1000).mapToObj(i -> ",c" + i).reduce("", String::concat);
    String cells = ",x".repeat(998);

    Job job =
        awaitEnd(upload("", header + "\nA,a" + cells + "\nB,b" + cells + ",x\nC,c" + cells + "\n"));

    assertThat(job.counts()).isEqualTo(new Counts(3, 2, 0, 0, 1));
    assertThat(rejections(job))
        .extracting(ToldRowsTest::at)
        .containsExactly("row 2, line 3: record-too-large");
  }

  @Test
  @Shows({"damage.max-size", "damage.original-cut", "call.rejections.cut"})
  void aRecordOfTooManyBytesCostsOneRowAndItsTextIsCut() throws Exception {
    String most = "x".repeat((1 << 20) - 4);

    Job job = awaitEnd(upload("", "sku,name,text\nA,a," + most + "\nB,b," + most + "x\nC,c,x\n"));

    assertThat(job.counts()).isEqualTo(new Counts(3, 2, 0, 0, 1));
    JsonNode rejection = rejections(job).getFirst();
    assertThat(at(rejection)).isEqualTo("row 2, line 3: record-too-large");
    assertThat(rejection.get("original").asString()).isEqualTo("B,b," + "x".repeat((64 << 10) - 4));
    assertThat(rejection.get("originalCut").asBoolean()).isTrue();
  }

  @Test
  @Shows({
    "event.snapshot.attempt",
    "event.progress",
    "event.progress.first-chunk",
    "event.rows",
    "event.rows.first-chunk",
    "event.rejected",
    "event.final",
    "stream.frame"
  })
  void theStreamOfAnImportOfOneChunk() throws Exception {
    CountDownLatch watched = new CountDownLatch(1);
    picked.beforeBegin(_ -> await(watched));
    String id = upload(rows(0, 7, "n") + "X,\n");
    List<String> frames = new ArrayList<>();
    try (RawStream stream =
        RawStream.open(uri("/").getPort(), "GET", "/api/jobs/" + id + "/events", 0)) {
      stream.expect("retry: 3000\n: waybill\n\n");
      frames.add(stream.block());
      watched.countDown();
      for (String frame = stream.block(); !frame.isEmpty(); frame = stream.block()) {
        frames.add(frame);
      }
    }

    assertThat(frames).allMatch(frame -> frame.matches("id: .+\nevent: .+\ndata: \\{.+}\n\n"));
    assertThat(frames)
        .extracting(frame -> frame.lines().limit(2).toList().toString())
        .containsExactly(
            "[id: 0-1, event: snapshot]",
            "[id: 1-1, event: snapshot]",
            "[id: 1-2, event: rejected]",
            "[id: 1-3, event: rows]",
            "[id: 1-4, event: progress]",
            "[id: 1-5, event: complete]");
    assertThat(data(frames.get(2)).at("/rejections/0").propertyNames())
        .containsExactly("row", "line", "errors");
    List<JsonNode> newest = data(frames.get(3)).get("products").valueStream().toList();
    assertThat(newest)
        .extracting(product -> product.get("sku").asString())
        .containsExactly("S2", "S3", "S4", "S5", "S6");
    assertThat(newest.getLast().toString()).isEqualTo(product("S6"));
    assertThat(data(frames.get(4)).propertyNames())
        .containsExactly(
            "status", "attempt", "percent", "bytes", "counts", "rowsPerSecond", "etaSeconds");
    assertThat(data(frames.get(5)).toString())
        .isEqualTo(get("/api/jobs/" + id, "application/json").body());
    awaitEnd(id);
  }

  private JsonNode data(String frame) {
    return json(
        Stream.of(frame.split("\n"))
            .filter(line -> line.startsWith("data: "))
            .findFirst()
            .orElseThrow()
            .substring(6));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
