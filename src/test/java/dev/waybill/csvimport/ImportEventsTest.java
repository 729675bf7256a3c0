package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.ChunkWork;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
  void showsNoRowsWhereNoneAreStoredAnyMore() {
    assertThat(ImportEvents.rows(() -> List.of("{\"sku\":\"a\"}")).data().get())
        .isEqualTo("{\"products\":[{\"sku\":\"a\"}]}");
    assertThat(ImportEvents.rows(List::of).data().get()).isNull();
  }
}
