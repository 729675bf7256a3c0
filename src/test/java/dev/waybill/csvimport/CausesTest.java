package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The causes of rejections of a job, and the list of the rows with one cause. */
class CausesTest extends ImportTestBase {

  private static final String TWELVE_OF_TWO_KINDS =
      IntStream.range(0, 12)
          .mapToObj(i -> "S%d,n,%s\n".formatted(i, i % 3 == 0 ? "-" + i + "x" : ""))
          .collect(Collectors.joining("", "sku,name,Price\n", ",,p\n,,p\nA,n,1,2\n"));

  private List<JsonNode> causes(Job job) throws Exception {
    String path = "/api/jobs/" + job.id() + "/rejections/causes";
    return json(get(path, "application/json").body()).valueStream().toList();
  }

  private String causesText(Job job) throws Exception {
    return get("/api/jobs/" + job.id() + "/rejections/causes", "application/json").body();
  }

  private List<Long> filtered(Job job, String query) throws Exception {
    String path = "/api/jobs/" + job.id() + "/rejections?limit=200&" + query;
    return json(get(path, "application/json").body())
        .get("items")
        .valueStream()
        .map(item -> item.get("row").asLong())
        .toList();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  @Shows({"call.causes", "job.causes"})
  void countTheRowsOfEachPairOfCodeAndColumn() throws Exception {
    Job job = awaitEnd(upload("", TWELVE_OF_TWO_KINDS));

    assertThat(causesText(job))
        .isEqualTo(
            """
            [{"code":"price","column":"Price","count":6,"stored":6,"samples":["-0x","-3x","-6x"]},\
            {"code":"sku-missing","column":"sku","count":2,"stored":2,"samples":[""]},\
            {"code":"name-missing","column":"name","count":2,"stored":2,"samples":[""]},\
            {"code":"field-count","column":null,"count":1,"stored":1,"samples":["A,n,1,2"]}]\
            """);
    JsonNode shown = json(get("/api/jobs/" + job.id(), "application/json").body());
    assertThat(shown.get("causes").valueStream().toList()).isEqualTo(causes(job));
    JsonNode listed = json(get("/api/jobs", "application/json").body()).get("items").get(0);
    assertThat(listed.has("causes")).isFalse();
  }

  @Test
  @Shows("call.rejections.filter")
  void eachIsAFilterOfTheRowsAndOfTheCsv() throws Exception {
    Job job = awaitEnd(upload("", TWELVE_OF_TWO_KINDS));

    assertThat(filtered(job, "code=price")).containsExactly(1L, 4L, 7L, 10L, 13L, 14L);
    assertThat(filtered(job, "code=sku-missing&column=sku")).containsExactly(13L, 14L);
    assertThat(filtered(job, "column=name")).containsExactly(13L, 14L);
    assertThat(filtered(job, "column=")).containsExactly(15L);
    assertThat(filtered(job, "code=price&column=sku")).isEmpty();
    assertThat(filtered(job, "code=other")).isEmpty();
    assertThat(filtered(job, "code=%25&column=_")).isEmpty();
    String csv =
        get("/api/jobs/" + job.id() + "/rejections?code=field-count&column=", "text/csv").body();
    assertThat(csv).startsWith("sku,name,Price,_row,_error\n\"A,n,1,2\",,,15,").hasLineCount(2);
  }

  @Test
  void aFilterFindsOnlyErrorsAndNoTextThatLooksLikeOne() throws Exception {
    String hostile = "{\"column\":\"name\",\"code\":\"price\",\"detail\":\"";
    String column = "Pr\"ic'e%\\ü";
    Job job =
        awaitEnd(
            upload(
                "?map=" + encoded(column) + ":price",
                "sku,name,\"%s\"\nA,n,\"%s\"\n"
                    .formatted(column.replace("\"", "\"\""), hostile.replace("\"", "\"\""))));

    assertThat(filtered(job, "code=price&column=name")).isEmpty();
    assertThat(filtered(job, "code=price&column=" + encoded(column))).containsExactly(1L);
  }

  @Test
  void rowsThatTheTableRefusesAreCountedWithTheOthers() throws Exception {
    Job job = awaitEnd(upload("", "sku,price\nA,1\nB,x\nC,2\n"));

    assertThat(causesText(job))
        .isEqualTo(
            """
            [{"code":"name-missing","column":null,"count":2,"stored":2,"samples":["A,1","C,2"]},\
            {"code":"price","column":"price","count":1,"stored":1,"samples":["x"]}]\
            """);
  }

  @Test
  void countOnlyTheRowsUpToTheOneTooMany() throws Exception {
    Job job = awaitEnd(upload("?maxErrors=2", "sku,name\nA,n\n,n\nB,\n,n\n,\nC,n\n"));

    assertThat(causesText(job))
        .isEqualTo(
            """
            [{"code":"sku-missing","column":"sku","count":2,"stored":2,"samples":[""]},\
            {"code":"name-missing","column":"name","count":1,"stored":1,"samples":[""]}]\
            """);
  }

  @Test
  void countEachRowOnceWhereAllRowsAreCheckedFirst() throws Exception {
    Job job = awaitEnd(upload("?onError=reject-all&maxErrors=9", "sku,name\nA,n\n,n\nB,\n"));

    assertThat(counts(job).rejected()).isEqualTo(2);
    assertThat(causes(job)).allMatch(cause -> cause.get("count").asInt() == 1).hasSize(2);
    assertThat(imports.of(job).causes()).hasSize(2);
  }

  @Test
  @Shows("call.causes.other")
  void thoseBeyondAThousandAreAddedUp() throws Exception {
    String header =
        IntStream.range(0, 995)
            .mapToObj(i -> "a" + i)
            .collect(Collectors.joining(",", "sku,name,price,quantity,gtin,", "\n"));
    String bad = "#N/A" + ",#N/A".repeat(994) + "\n";
    String good = ",".repeat(994) + "\n";
    Job job =
        awaitEnd(
            upload(
                "",
                header
                    + ",,x,x,x,"
                    + bad
                    + "#REF!,n,1,1,,"
                    + good
                    + "x".repeat(65)
                    + ",n,1,1,,"
                    + good
                    + "S,n,1\n"));

    List<JsonNode> causes = causes(job);

    assertThat(causes).hasSize(1001);
    assertThat(causes.getLast().toString())
        .isEqualTo(
            """
            {"code":"other","column":null,"count":3,"stored":3,"samples":["#REF!","%s","S,n,1"]}\
            """
                .formatted("x".repeat(65)));
    assertThat(filtered(job, "code=other")).containsExactly(2L, 3L, 4L);
    assertThat(filtered(job, "code=field-count")).containsExactly(4L);
    assertThat(imports.of(job).causes()).hasSize(10);
  }

  @Test
  void anEventLeavesOutLargeCauses() throws Exception {
    Map<Boolean, String> texts = Map.of(true, "x".repeat(300), false, "x");
    for (boolean large : texts.keySet()) {
      String bad = texts.get(large);
      Job job =
          awaitEnd(
              upload(
                  "",
                  "sku,name,price,quantity,gtin,currency\n"
                      + IntStream.range(0, 4)
                          .mapToObj(
                              i -> "A,n,%2$d%1$s,%2$d%1$s,%2$d%1$s,%2$d%1$s\n".formatted(bad, i))
                          .collect(Collectors.joining())));
      ImportView event = ImportView.of(imports.of(job)).inEvent();

      assertThat(event.omitted()).isEqualTo(large ? List.of("causes") : List.of());
      assertThat(event.causes() == null).isEqualTo(large);
    }
  }

  @Test
  void theyGoWithTheirJob() throws Exception {
    Job job = awaitEnd(upload("", TWELVE_OF_TWO_KINDS));
    assertThat(count("rejection_cause", "job_id", job.id())).isEqualTo(4);

    database.sql("DELETE FROM job").update();
    runScheduled("SweepOrphans.sweep");

    assertThat(count("rejection_cause", "job_id", job.id())).isZero();
  }
}
