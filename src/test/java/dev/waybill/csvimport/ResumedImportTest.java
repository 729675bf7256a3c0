package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.waybill.contract.Shows;
import dev.waybill.csv.Notice;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An import that resumes after its last chunk has the same result as an undisturbed import. */
class ResumedImportTest extends ImportTestBase {

  private static final String CHAIR = "\"Stuhl, grün\nhoch\"";

  /**
   * 64 rows. Some skus come again, with the same or changed values. Some rows span lines, and skus
   * repeat across chunks.
   */
  private static final String FILE =
      IntStream.range(0, 64)
          .mapToObj(
              i ->
                  switch (i % 8) {
                    case 3 -> "S%d,\n".formatted(i);
                    case 5 -> "S%d,%s\n".formatted(i % 12, CHAIR);
                    case 6 -> "\nS%d,\"open %d\n".formatted(i, i);
                    case 7 -> "S%d,again %d\r\n".formatted(i % 16, i / 24);
                    default -> "S%d,name %d\n".formatted(i % 40, i / 20);
                  })
          .collect(Collectors.joining("", "sku,name\n", ""));

  /** Everything that is stored for a job at its end. */
  private record Result(
      JobStatus status,
      Counts counts,
      long bytesRead,
      String products,
      String rejections,
      String causes,
      List<Map<String, Object>> stored,
      List<Map<String, Object>> journal) {}

  private Result result(Job job) throws Exception {
    String path = "/api/jobs/" + job.id();
    return new Result(
        job.status(),
        counts(job),
        imports.of(job).bytesRead(),
        get(path + "/products", "application/x-ndjson").body(),
        get(path + "/rejections", "text/csv").body(),
        get(path + "/rejections/causes", "application/json").body(),
        storedBy(job),
        database
            .sql(
                """
                SELECT first_row, last_row, next_offset, next_line, accepted, hex(outcomes) AS packed
                FROM journal WHERE job_id = ? ORDER BY first_row
                """)
            .param(job.id())
            .query()
            .listOfRows());
  }

  /**
   * All products, with true in the column {@code writer} if this job has written the product last.
   * The number of the job itself differs between runs.
   */
  private List<Map<String, Object>> storedBy(Job job) {
    Object number =
        database
            .sql("SELECT number FROM product_writer WHERE job_id = ?")
            .param(job.id())
            .query(Integer.class)
            .single();
    List<Map<String, Object>> products =
        database.sql("SELECT * FROM product ORDER BY sku").query().listOfRows();
    products.forEach(
        product ->
            product.replaceAll(
                (column, value) ->
                    column.equals("writer") ? (Object) number.equals(value) : value));
    return products;
  }

  /**
   * Lets each attempt write this number of chunks, and makes it fail in the middle of the next one.
   */
  private void letEachAttemptWrite(int chunks) {
    database
        .sql(
            """
            CREATE TRIGGER obstacle BEFORE INSERT ON journal
            WHEN NEW.first_row > %d * (SELECT attempt FROM job WHERE id = NEW.job_id)
            BEGIN SELECT RAISE(ABORT, 'no room left'); END
            """
                .formatted(10 * chunks))
        .update();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  @Shows({"job.next-attempt", "row.sku-again", "call.causes.exact"})
  void anImportThatFailsAgainAndAgainEndsAsAnUndisturbedOne(int chunksAnAttempt) throws Exception {
    Result undisturbed = result(awaitEnd(upload("", FILE)));
    database.sql("DELETE FROM product").update();
    letEachAttemptWrite(chunksAnAttempt);

    Job job = awaitEnd(upload("", FILE));

    assertThat(job.attempt()).isGreaterThan(1);
    assertThat(result(job)).isEqualTo(undisturbed);
    assertThat(undisturbed.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(undisturbed.counts().rejected()).isPositive();
    assertThat(undisturbed.counts().updated()).isPositive();
    assertThat(undisturbed.counts().unchanged()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows-1252", "UTF-16LE"})
  @Shows("job.next-attempt")
  void soDoesOneInAnotherCharset(String charset) throws Exception {
    Result undisturbed = result(awaitEnd(uploadIn(charset)));
    database.sql("DELETE FROM product").update();
    letEachAttemptWrite(2);

    Job job = awaitEnd(uploadIn(charset));

    assertThat(job.attempt()).isGreaterThan(1);
    assertThat(result(job)).isEqualTo(undisturbed);
  }

  private String uploadIn(String charset) throws Exception {
    String mark = charset.startsWith("UTF") ? "\uFEFF" : "";
    return upload("?charset=" + charset, (mark + FILE).getBytes(charset));
  }

  /**
   * Products of one to eight rows. Some have a bad row, a row apart from the others, or rows with
   * images only.
   */
  private static String shop() {
    StringBuilder file =
        new StringBuilder("Handle,Title,Variant SKU,Variant Price,Option1 Value,Image Src\n");
    for (int handle = 0; handle < 60; handle++) {
      int variants = 1 + handle % 7;
      for (int variant = 0; variant < variants; variant++) {
        file.append("h").append(handle % 11 == 3 ? handle / 2 : handle).append(',');
        file.append(variant == 0 && handle % 11 != 3 ? "Title " + handle : "").append(",V");
        file.append(handle).append('-').append(variant).append(',');
        file.append(handle % 13 == 5 && variant == 2 ? "free" : "9.90").append(",\"S\n");
        file.append(variant).append("\",\n");
      }
      if (handle % 3 == 0) {
        file.append("h").append(handle).append(",,,,,https://cdn.example.com/").append(handle);
        file.append(".jpg\n");
      }
      if (handle % 17 == 4) {
        file.append("h,too,few\n");
      }
    }
    return file.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @Shows("job.next-attempt")
  void soDoesOneWhoseProductsSpanRows(int chunksAnAttempt) throws Exception {
    Result undisturbed = result(awaitEnd(upload("", shop())));
    database.sql("DELETE FROM product").update();
    letEachAttemptWrite(chunksAnAttempt);

    Job job = awaitEnd(upload("", shop()));

    assertThat(job.attempt()).isGreaterThan(1);
    assertThat(result(job)).isEqualTo(undisturbed);
    assertThat(undisturbed.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(undisturbed.counts().merged()).isPositive();
    assertThat(undisturbed.rejections())
        .contains("Another row of the same product", "do not stand directly above", "free");
  }

  @Test
  @Shows("code.product-too-large")
  void aProductOfTooManyRowsIsRejected() throws Exception {
    String head = "Handle,Title,Variant SKU,Variant Price,Image Src\nmug,Mug,M-1,9.90,\n";
    String images = "mug,,,,https://cdn.example.com/m.jpg\n".repeat(2048);

    Job job = awaitEnd(upload("", head + images + "bowl,Bowl,B-1,5.00,\n"));

    assertThat(counts(job)).isEqualTo(new Counts(2050, 1, 0, 0, 2049, 0, 0));
    assertThat(rejections(job).getFirst().at("/errors/0/code").asString())
        .isEqualTo("product-too-large");
  }

  @Test
  @Shows("row.sku-again")
  void aSkuThatComesAgainFarBelowWithAnotherNameIsReported() throws Exception {
    Job job = imported("S7,first\n" + rows(10, 50, "n") + "S7,other\nS9,n\nS12,n\n");

    assertThat(imports.of(job).notices())
        .extracting(Notice::code, Notice::rows)
        .containsExactly(tuple("sku-repeated", List.of(42L)));
  }

  @Test
  @Shows("row.sku-again")
  void aSkuThatComesAgainInALaterAttemptCountsAgainstWhatIsStored() throws Exception {
    letEachAttemptWrite(1);

    Job job = imported(rows(0, 10, "n") + rows(5, 15, "n") + rows(5, 15, "m"));

    assertThat(job.attempt()).isEqualTo(3);
    assertThat(counts(job)).isEqualTo(new Counts(30, 15, 10, 5, 0, 0, 0));
  }
}
