package dev.waybill.job;

import static dev.waybill.job.SampleJobs.BORN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.StreamEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.QueryTimeoutException;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class AttemptFeedTest {

  private final SettableClock clock = new SettableClock();
  private final List<StreamEvent> published = new ArrayList<>();
  private Published answer = Published.DELIVERED;
  private @Nullable Error failure;
  private final AttemptFeed feed =
      new AttemptFeed(
          new JobEvents(null, JsonMapper.shared()),
          event -> {
            if (failure != null) {
              throw failure;
            }
            published.add(event);
            return answer;
          },
          clock,
          SampleJobs.running(Counts.NONE, 0, BORN));

  private Counts total = Counts.NONE;

  private void commit(int created, int rejected, String... products) {
    Counts added = new Counts(created + rejected, created, 0, 0, rejected);
    List<String> rejections =
        IntStream.range(0, Math.min(rejected, ChunkWork.PUBLISHED_REJECTIONS))
            .mapToObj(i -> "{\"row\":" + i + "}")
            .toList();
    total =
        new Counts(
            total.rows() + added.rows(),
            total.created() + created,
            0,
            0,
            total.rejected() + rejected);
    feed.committed(
        SampleJobs.running(total, 1000, clock.instant()),
        new ChunkWork.Written(added, 1000, () -> List.of(products), rejections));
  }

  private List<String> published() {
    return published.stream().map(event -> event.id() + " " + event.type().name()).toList();
  }

  @Test
  void opensWithASnapshot() {
    feed.open();
    assertThat(published()).containsExactly("1-1 snapshot");
  }

  @Test
  void aFailureToPublishIsLoggedOnceAndNeverThrown(CapturedOutput output) {
    failure = new OutOfMemoryError("no room for another event");
    feed.open();
    commit(3, 2, "{\"sku\":\"a\"}");
    feed.tick();
    clock.pass(Duration.ofSeconds(1));
    commit(3, 0);
    feed.tick();
    failure = null;
    clock.pass(Duration.ofSeconds(1));
    commit(3, 0);
    feed.tick();

    assertThat(feed.finish().sequence()).isGreaterThan(published.getLast().id().sequence());
    assertThat(published().getLast()).endsWith("progress");
    assertThat(output.getAll().split("its progress cannot be published", -1)).hasSize(2);
  }

  @Test
  @Shows({"event.progress.first-chunk", "event.rows.first-chunk"})
  void tellsRejectionsThenProductsThenProgressOfAChunk() {
    feed.open();
    commit(3, 2, "{\"sku\":\"a\"}");
    feed.tick();
    assertThat(published())
        .containsExactly("1-1 snapshot", "1-2 rejected", "1-3 rows", "1-4 progress");
    assertThat(published.get(1).data()).isEqualTo("{\"rejections\":[{\"row\":0},{\"row\":1}]}");
    assertThat(published.get(2).data()).isEqualTo("{\"products\":[{\"sku\":\"a\"}]}");
    assertThat(published.get(3).position()).isEqualTo(5);
  }

  @Test
  void tellsNothingWhereNothingNewWasCommitted() {
    feed.open();
    commit(1, 0);
    feed.tick();
    clock.pass(Duration.ofSeconds(5));
    feed.tick();
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 progress");
  }

  @Test
  @Shows("event.progress.rate")
  void tellsProgressAtMostTenTimesASecondAndTheNewest() {
    feed.open();
    for (int i = 0; i < 20; i++) {
      commit(10, 0);
      feed.tick();
      clock.pass(Duration.ofMillis(50));
    }
    List<StreamEvent> progress =
        published.stream().filter(event -> event.type().equals(JobEventTypes.PROGRESS)).toList();
    assertThat(progress).hasSize(10);
    assertThat(progress.getLast().position()).isEqualTo(190);
  }

  @Test
  @Shows("event.rows.rate")
  void tellsProductsOnceASecond() {
    feed.open();
    for (int i = 0; i < 30; i++) {
      commit(1, 0, "{}");
      feed.tick();
      clock.pass(Duration.ofMillis(100));
    }
    assertThat(published.stream().filter(event -> event.type().equals(JobEventTypes.ROWS)))
        .hasSize(3);
  }

  @Test
  @Shows("event.rejected.first-hundred")
  void tellsTheFirstHundredRejectionsOfAJobAndOnlyCountsTheRest() {
    feed.open();
    commit(0, 60);
    feed.tick();
    commit(0, 60);
    feed.tick();
    commit(0, 60);
    feed.tick();
    long rows =
        published.stream()
            .filter(event -> event.type().equals(JobEventTypes.REJECTED))
            .mapToLong(event -> event.data().split("\"row\"", -1).length - 1)
            .sum();
    assertThat(rows).isEqualTo(100);
  }

  @Test
  void cutsManyRejectionsIntoEventsThatAnOutboxCanHold() {
    feed.open();
    String large = "{\"value\":\"" + "x".repeat(5000) + "\"}";
    total = new Counts(10, 0, 0, 0, 10);
    feed.committed(
        SampleJobs.running(total, 1000, BORN),
        new ChunkWork.Written(total, 1000, List::of, Collections.nCopies(10, large)));
    feed.tick();
    List<StreamEvent> rejected =
        published.stream().filter(event -> event.type().equals(JobEventTypes.REJECTED)).toList();
    assertThat(rejected).hasSize(4).allMatch(event -> event.data().length() < 17_000);
  }

  @Test
  void tellsWhatWaitsBeforeItGivesTheFinalIdAwayAndNothingAfterwards() {
    feed.open();
    commit(1, 1);
    assertThat(feed.finish()).hasToString("1-4");
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 rejected", "1-3 progress");
    commit(1, 1);
    feed.tick();
    assertThat(feed.finish()).hasToString("1-4");
    assertThat(published).hasSize(3);
  }

  @Test
  void stopsWhenALaterAttemptHasPublished() {
    feed.open();
    answer = Published.FENCED;
    commit(1, 1);
    feed.tick();
    assertThat(feed.isFenced()).isTrue();
    int before = published.size();
    clock.pass(Duration.ofSeconds(1));
    commit(1, 1);
    feed.tick();
    assertThat(published).hasSize(before);
  }

  @Test
  void goesOnWhereTheNewestProductsCannotBeRead() {
    feed.open();
    total = new Counts(1, 1, 0, 0, 0);
    feed.committed(
        SampleJobs.running(total, 1000, BORN),
        new ChunkWork.Written(
            total,
            1000,
            () -> {
              throw new QueryTimeoutException("no");
            },
            List.of()));
    feed.tick();
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 progress");
  }

  @Test
  void isNotSilencedByAClockThatWasSetBack() {
    feed.open();
    commit(1, 0);
    feed.tick();
    clock.pass(Duration.ofHours(-1));
    commit(1, 0);
    feed.tick();
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 progress", "1-3 progress");
  }
}
