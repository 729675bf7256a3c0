package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.StreamEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import tools.jackson.databind.json.JsonMapper;

/** The check whether an attempt was taken over while its process was frozen. */
class ReporterTest {

  /** Jobs are shown with their common fields. */
  static final JobKinds NO_KINDS =
      new JobKinds(
          new StaticListableBeanFactory().getBeanProvider(JobKind.class),
          new StaticListableBeanFactory().getBeanProvider(JobRecords.class));

  private final SettableClock clock = new SettableClock();
  private final List<StreamEvent> published = new CopyOnWriteArrayList<>();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean databaseIsAway = true;
  private final Job begun = SampleJobs.running(1);

  private final JobStore store =
      new JobStore(null, null) {
        @Override
        Optional<Job> find(String id) {
          questions.incrementAndGet();
          if (databaseIsAway) {
            throw new DataAccessResourceFailureException("no connection");
          }
          // Another pod has begun the second attempt.
          return Optional.of(SampleJobs.running(2));
        }
      };

  private final Reporter reporter =
      new Reporter(
          new JobEvents(null, null, NO_KINDS, JsonMapper.shared()),
          event -> {
            published.add(event);
            return Published.DELIVERED;
          },
          store,
          clock);

  @AfterEach
  void stop() {
    reporter.destroy();
  }

  @Test
  void theCheckIsRepeatedUntilTheDatabaseAnswers() {
    // Ticks come from this test only.
    reporter.destroy();
    AttemptFeed feed = reporter.open(begun);
    reporter.tick();
    clock.pass(Duration.ofSeconds(6));
    feed.committed(new ChunkWork.Written(SampleJobs.view(1), List.of(), null));

    reporter.tick();
    reporter.tick();
    assertThat(published).as("nothing but the snapshot while nobody knows").hasSize(1);
    assertThat(feed.isFenced()).isFalse();

    databaseIsAway = false;
    reporter.tick();

    assertThat(questions).hasValue(3);
    assertThat(feed.isFenced()).isTrue();
    assertThat(published).hasSize(1);
  }
}
