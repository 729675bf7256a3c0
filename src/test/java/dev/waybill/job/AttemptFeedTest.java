package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.time.Duration;
import java.util.ArrayList;
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

  private static final EventType EACH = EventType.of("each", Delivery.EACH);
  private static final EventType SAMPLE = EventType.of("sample", Delivery.SAMPLE);

  private final SettableClock clock = new SettableClock();
  private final List<StreamEvent> published = new ArrayList<>();
  private Published answer = Published.DELIVERED;
  private @Nullable Error failure;
  private final AttemptFeed feed =
      new AttemptFeed(
          new JobEvents(null, null, ReporterTest.NO_KINDS, JsonMapper.shared()),
          event -> {
            if (failure != null) {
              throw failure;
            }
            published.add(event);
            return answer;
          },
          clock,
          SampleJobs.running(1));

  private long position;

  /** Commits a chunk with some notable events and, unless it is null, a sample. */
  private void commit(int notable, @Nullable String sample) {
    List<ChunkWork.Notable> each =
        IntStream.range(0, notable)
            .mapToObj(i -> new ChunkWork.Notable(EACH, "{\"i\":" + i + "}"))
            .toList();
    feed.committed(
        new ChunkWork.Written(
            SampleJobs.view(++position),
            each,
            sample == null ? null : new ChunkWork.Sample(SAMPLE, () -> sample)));
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
    commit(2, "{}");
    feed.tick();
    clock.pass(Duration.ofSeconds(1));
    commit(0, null);
    feed.tick();
    failure = null;
    clock.pass(Duration.ofSeconds(1));
    commit(0, null);
    feed.tick();

    assertThat(feed.finish().sequence()).isGreaterThan(published.getLast().id().sequence());
    assertThat(published().getLast()).endsWith("progress");
    assertThat(output.getAll().split("its progress cannot be published", -1)).hasSize(2);
  }

  @Test
  @Shows({"event.progress.first-chunk", "event.rows.first-chunk"})
  void publishesEachEventThenTheSampleThenTheProgressOfAChunk() {
    feed.open();
    commit(2, "{}");
    feed.tick();
    assertThat(published())
        .containsExactly("1-1 snapshot", "1-2 each", "1-3 each", "1-4 sample", "1-5 progress");
    assertThat(published.get(4).position()).isOne();
  }

  @Test
  void publishesNothingWhenNothingNewWasCommitted() {
    feed.open();
    commit(0, null);
    feed.tick();
    clock.pass(Duration.ofSeconds(5));
    feed.tick();
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 progress");
  }

  @Test
  @Shows("event.progress.rate")
  void publishesTheNewestProgressAtMostTenTimesASecond() {
    feed.open();
    for (int i = 0; i < 20; i++) {
      commit(0, null);
      feed.tick();
      clock.pass(Duration.ofMillis(50));
    }
    List<StreamEvent> progress =
        published.stream().filter(event -> event.type().equals(JobEventTypes.PROGRESS)).toList();
    assertThat(progress).hasSize(10);
    assertThat(progress.getLast().position()).isEqualTo(19);
  }

  @Test
  @Shows("event.rows.rate")
  void publishesASampleOnceASecond() {
    feed.open();
    for (int i = 0; i < 30; i++) {
      commit(0, "{}");
      feed.tick();
      clock.pass(Duration.ofMillis(100));
    }
    assertThat(published.stream().filter(event -> event.type().equals(SAMPLE))).hasSize(3);
  }

  @Test
  void publishesWaitingEventsBeforeItReturnsTheFinalIdAndNothingAfterwards() {
    feed.open();
    commit(1, null);
    assertThat(feed.finish()).hasToString("1-4");
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 each", "1-3 progress");
    commit(1, null);
    feed.tick();
    assertThat(feed.finish()).hasToString("1-4");
    assertThat(published).hasSize(3);
  }

  @Test
  void stopsWhenALaterAttemptHasPublished() {
    feed.open();
    answer = Published.FENCED;
    commit(1, null);
    feed.tick();
    assertThat(feed.isFenced()).isTrue();
    int before = published.size();
    clock.pass(Duration.ofSeconds(1));
    commit(1, null);
    feed.tick();
    assertThat(published).hasSize(before);
  }

  @Test
  void goesOnWhereASampleCannotBeRead() {
    feed.open();
    feed.committed(
        new ChunkWork.Written(
            SampleJobs.view(1),
            List.of(),
            new ChunkWork.Sample(
                SAMPLE,
                () -> {
                  throw new QueryTimeoutException("no");
                })));
    feed.tick();
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 progress");
  }

  @Test
  void isNotSilencedByAClockThatWasSetBack() {
    feed.open();
    commit(0, null);
    feed.tick();
    clock.pass(Duration.ofHours(-1));
    commit(0, null);
    feed.tick();
    assertThat(published()).containsExactly("1-1 snapshot", "1-2 progress", "1-3 progress");
  }
}
