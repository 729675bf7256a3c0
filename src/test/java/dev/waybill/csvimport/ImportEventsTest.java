package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.ChunkWork;
import dev.waybill.product.RowError;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Which rows of an import its live events contain. */
class ImportEventsTest {

  private static List<Rejection> rejections(int count, String errors) {
    return IntStream.range(0, count).mapToObj(i -> new Rejection(i, i, errors, "", false)).toList();
  }

  private static long rows(List<ChunkWork.Notable> events) {
    return events.stream().mapToLong(event -> event.data().split("\"row\"", -1).length - 1).sum();
  }

  @Test
  @Shows("event.rejected.first-hundred")
  void showsTheFirstHundredRejectionsOfAJobAndOnlyCountsTheRest() {
    List<Rejection> sixty = rejections(60, "[]");

    assertThat(rows(ImportEvents.rejected(sixty, 0))).isEqualTo(60);
    assertThat(rows(ImportEvents.rejected(sixty, 60))).isEqualTo(40);
    assertThat(ImportEvents.rejected(sixty, 120)).isEmpty();
  }

  @Test
  void showsRejectionsOfAChunkTogether() {
    assertThat(ImportEvents.rejected(rejections(2, "[]"), 0))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.data())
                    .isEqualTo(
                        "{\"rejections\":[{\"row\":0,\"line\":0,\"errors\":[]},"
                            + "{\"row\":1,\"line\":1,\"errors\":[]}]}"));
  }

  @Test
  void cutsManyRejectionsIntoEventsThatAnOutboxCanHold() {
    String large = "[\"" + "x".repeat(5000) + "\"]";

    assertThat(ImportEvents.rejected(rejections(10, large), 0))
        .hasSize(4)
        .allMatch(event -> event.data().length() < 17_000);
  }

  @Test
  @Shows("event.size")
  void showsTheFirstTwentyErrorsOfARowAndSaysThatThereAreMore() {
    String errors =
        IntStream.range(0, 1000)
            .mapToObj(i -> "{\"column\":\"c%d\",\"code\":\"price\"}".formatted(i))
            .collect(Collectors.joining(",", "[", "]"));

    List<ChunkWork.Notable> events = ImportEvents.rejected(rejections(2, errors), 0);

    assertThat(rows(events)).isEqualTo(2);
    assertThat(events)
        .allSatisfy(
            event ->
                assertThat(event.data())
                    .contains("{\"column\":\"c19\",\"code\":\"price\"}],\"omitted\":[\"errors\"]}")
                    .doesNotContain("c20"));
  }

  @Test
  @Shows("event.size")
  void anEventWithOneRowHasAtMost64KbAsUtf8() {
    List<RowError> errors =
        IntStream.range(0, 1000)
            .mapToObj(i -> new RowError("茶".repeat(300), "price", "…".repeat(300), "é".repeat(300)))
            .toList();
    String json = JsonMapper.shared().writeValueAsString(errors);

    assertThat(ImportEvents.rejected(rejections(1, json), 0))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.data().getBytes(UTF_8)).hasSizeBetween(20_000, 65_536);
              assertThat(event.data()).contains("\"omitted\":[\"errors\"]");
            });
    String huge = "[\"" + "茶".repeat(100_000) + "\"]";
    assertThat(ImportEvents.rejected(rejections(1, huge), 0))
        .singleElement()
        .satisfies(
            event -> assertThat(event.data()).contains("\"errors\":[],\"omitted\":[\"errors\"]"));
  }

  @Test
  void showsNoRowsWhereNoneAreStoredAnyMore() {
    assertThat(ImportEvents.rows(() -> List.of("{\"sku\":\"a\"}")).data().get())
        .isEqualTo("{\"products\":[{\"sku\":\"a\"}]}");
    assertThat(ImportEvents.rows(List::of).data().get()).isNull();
  }
}
