package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The changes that imports and dry runs report, on SQLite. */
class ChangesTest extends ImportTestBase {

  private static final String QUERY = "?fileName=a.csv";
  private static final String DRY_RUN = QUERY + "&dryRun=true";

  private Job imported(String query, String file) throws Exception {
    return awaitEnd(upload(query, file));
  }

  private String changes(Job job, String query, String accept) throws Exception {
    return get("/api/jobs/" + job.id() + "/changes" + query, accept).body();
  }

  private JsonNode page(Job job, String query) throws Exception {
    return json(changes(job, query, "application/json"));
  }

  private JsonNode summary(Job job) throws Exception {
    return json(get("/api/jobs/" + job.id(), "*/*").body()).get("summary");
  }

  @ParameterizedTest
  @ValueSource(strings = {QUERY, DRY_RUN})
  @Shows({"call.changes", "job.summary"})
  void showsEachValueBeforeAndAfter(String query) throws Exception {
    imported(
        QUERY,
        "sku,name,price,quantity,image_url,Colour,Size\n"
            + "A,n,10,1,https://a/1,red,L\nB,n,10,1,,,\nC,n,,,,blue,\n");

    Job job =
        imported(
            query,
            "sku,name,price,quantity,image_url,Colour,Size\n"
                + "C,n,4.50,,,blue,\nNEW,n,1,,,,\nB,n,10.00,1,,,\nA,m,6.99,-2,,green,\n");

    assertThat(changes(job, "", "application/json"))
        .isEqualTo(
            """
            {"items":[{"row":1,"sku":"C","changes":[{"field":"price","old":null,"new":4.5}]},\
            {"row":4,"sku":"A","changes":[{"field":"name","old":"n","new":"m"},\
            {"field":"price","old":10,"new":6.99},{"field":"quantity","old":1,"new":-2},\
            {"field":"image_url","old":"https://a/1","new":null},\
            {"field":"attributes","attribute":"Colour","old":"red","new":"green"},\
            {"field":"attributes","attribute":"Size","old":"L","new":null}]}],"next":null}\
            """);
    assertThat(summary(job).toString())
        .isEqualTo(
            "{\"fields\":{\"attributes\":1,\"image_url\":1,\"name\":1,\"price\":2,\"quantity\":1},"
                + "\"pricesFalling\":1,\"pricesRising\":0}");
  }

  @Test
  @Shows({"call.changes.pages", "call.changes.filter"})
  void pagesAndFilters() throws Exception {
    String before =
        IntStream.range(0, 45)
            .mapToObj(i -> "S%d,n,10\n".formatted(i))
            .collect(Collectors.joining());
    imported(QUERY, "sku,name,price\n" + before);
    String after =
        IntStream.range(0, 45)
            .mapToObj(
                i ->
                    "S%d,%s,%s\n"
                        .formatted(
                            i,
                            i < 22 ? "m" : "n",
                            i == 40 ? "6.99" : i == 41 ? "13.01" : i == 42 ? "7" : "10"))
            .collect(Collectors.joining());
    Job job = imported(QUERY, "sku,name,price\n" + after);

    JsonNode first = page(job, "?limit=15");
    assertThat(rows(first))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 15).boxed().toList());
    assertThat(first.get("next").asString()).isEqualTo("15");
    assertThat(rows(page(job, "?limit=15&after=15")))
        .containsExactly(16, 17, 18, 19, 20, 21, 22, 41, 42, 43);
    assertThat(rows(page(job, "?field=price"))).containsExactly(41, 42, 43);
    assertThat(rows(page(job, "?field=price&limit=1&after=41"))).containsExactly(42);
    assertThat(rows(page(job, "?price=falling"))).containsExactly(41);
    assertThat(rows(page(job, "?price=rising"))).containsExactly(42);
    assertThat(rows(page(job, "?field=brand"))).isEmpty();
    assertThat(get("/api/jobs/" + job.id() + "/changes?field=colour", "*/*").statusCode())
        .isEqualTo(400);
    assertThat(get("/api/jobs/" + job.id() + "/changes?price=up", "*/*").statusCode())
        .isEqualTo(400);
    assertThat(summary(job).get("pricesFalling").asInt()).isEqualTo(1);
    assertThat(summary(job).get("pricesRising").asInt()).isEqualTo(1);
  }

  private static List<Integer> rows(JsonNode page) {
    return page.get("items").valueStream().map(item -> item.get("row").asInt()).toList();
  }

  @Test
  @Shows("call.changes.whole")
  void streamsTheWholeList() throws Exception {
    imported(rows(0, 25, "n"));
    Job job = imported(rows(0, 25, "m"));

    assertThat(changes(job, "", "application/x-ndjson").lines())
        .hasSize(25)
        .startsWith(
            "{\"row\":1,\"sku\":\"S0\",\"changes\":[{\"field\":\"name\",\"old\":\"n\",\"new\":\"m\"}]}");
    assertThat(changes(job, "", "text/csv").lines())
        .hasSize(26)
        .startsWith("row,sku,field,attribute,old,new", "1,S0,name,,n,m")
        .endsWith("25,S24,name,,n,m");
  }

  @Test
  @Shows("call.changes.repeated")
  void aSkuThatComesAgainHasAChangeForEachRow() throws Exception {
    imported("A,0\nB,0\n");
    Job job = imported("A,1\nB,0\nA,2\nC,0\nA,2\nA,1\nC,1\n");

    assertThat(changes(job, "", "text/csv").lines())
        .containsExactly(
            "row,sku,field,attribute,old,new",
            "1,A,name,,0,1",
            "3,A,name,,1,2",
            "6,A,name,,2,1",
            "7,C,name,,0,1");
  }

  @Test
  @Shows("call.changes.cut-values")
  void cutsLongValues() throws Exception {
    imported(QUERY, "sku,name,description\nA,n,%s\n".formatted("a".repeat(2000)));
    Job job = imported(QUERY, "sku,name,description\nA,n,%s\n".formatted("b".repeat(2000)));

    JsonNode change = page(job, "").get("items").get(0).get("changes").get(0);
    assertThat(change.get("old").asString()).isEqualTo("a".repeat(999) + "…");
    assertThat(change.get("new").asString()).isEqualTo("b".repeat(999) + "…");
  }

  @Test
  @Shows({"call.changes.retention", "setting.import.changes.dry-run-retention"})
  void changesOfADryRunAreKeptForADayAndThoseOfAnImportUntilItCannotBeUndone() throws Exception {
    imported(rows(0, 5, "n"));
    Job dryRun = imported("?fileName=a.csv&dryRun=true", "sku,name\n" + rows(0, 5, "m"));
    Job job = imported(rows(0, 5, "m"));

    clock.pass(Duration.ofHours(24).plusMillis(1));
    assertThat(get("/api/jobs/" + dryRun.id() + "/changes", "*/*").statusCode()).isEqualTo(410);
    assertThat(rows(page(job, ""))).hasSize(5);
    runScheduled("ForgetChanges.forgetOldChanges");
    assertThat(database.sql("SELECT COUNT(*) FROM product_change").query(Integer.class).single())
        .isEqualTo(5);

    clock.pass(Duration.ofDays(6));
    assertThat(get("/api/jobs/" + job.id() + "/changes", "*/*").statusCode()).isEqualTo(410);
    assertThat(summary(job).get("fields").get("name").asInt()).isEqualTo(5);
  }

  @Test
  void aJobThatChangesNothingHasAnEmptyList() throws Exception {
    Job job = imported(rows(0, 5, "n"));

    assertThat(changes(job, "", "application/json")).isEqualTo("{\"items\":[],\"next\":null}");
    assertThat(get("/api/jobs/" + "0".repeat(32) + "/changes", "*/*").statusCode()).isEqualTo(404);
  }
}
