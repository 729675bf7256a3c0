package dev.waybill.job;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ForgetOldJobsTest extends JobTestBase {

  @Autowired private ForgetOldJobs forgetOldJobs;
  @Autowired private JobsProperties properties;
  @Autowired private MeterRegistry registry;

  @Test
  @Shows("setting.jobs.retention")
  void onlyJobsThatFinishedLongAgoAreForgotten() {
    Job old = awaitEnd(enqueue(_ -> {}));
    clock.pass(Duration.ofMillis(1));
    Job young = awaitEnd(enqueue(_ -> {}));
    String running = occupyTheImportThread();
    String queued = enqueue(_ -> {});

    clock.pass(properties.retention());
    forgetOldJobs.forgetOldJobs();

    assertThat(kind.forgotten()).containsExactly(old.id());
    assertThat(jobs.find(old.id())).isEmpty();
    assertThat(jobs.find(young.id())).hasValue(young);
    assertThat(jobs.find(running)).isPresent();
    assertThat(jobs.find(queued)).isPresent();
  }

  @Test
  void aSecondPodDoesNotForgetTheJobThatAnotherIsForgetting() {
    String id = awaitEnd(enqueue(_ -> {})).id();
    double before = forgottenCounter();
    clock.pass(properties.retention().plusMillis(1));
    AtomicBoolean nested = new AtomicBoolean();
    kind.onForget(
        id,
        _ -> {
          if (nested.compareAndSet(false, true)) {
            forgetOldJobs.forgetOldJobs();
          }
        });

    forgetOldJobs.forgetOldJobs();

    assertThat(kind.forgotten()).containsExactly(id);
    assertThat(forgottenCounter() - before).isOne();
  }

  private double forgottenCounter() {
    return registry.get("waybill.jobs.forgotten").counter().count();
  }

  @Test
  void aClockThatWasSetBackForgetsNothing() {
    clock.pass(properties.retention());
    Job job = awaitEnd(enqueue(_ -> {}));
    clock.reset();

    forgetOldJobs.forgetOldJobs();

    assertThat(jobs.find(job.id())).hasValue(job);
  }

  @Test
  void jobsThatCannotBeForgottenKeepNoOther() {
    Job old = awaitEnd(enqueue(_ -> {}));
    // More than one batch of them, and all before the job that can be forgotten.
    for (int i = 0; i < 101; i++) {
      copyAs(old.id(), "stranger" + i, "another-version's");
    }
    clock.pass(properties.retention().plusMillis(1));

    forgetOldJobs.forgetOldJobs();

    assertThat(kind.forgotten()).containsExactly(old.id());
    assertThat(jobs.find(old.id())).isEmpty();
    assertThat(jobs.find("stranger0")).isPresent();
  }

  private void copyAs(String id, String newId, String newKind) {
    String others =
        database
            .sql("SELECT name FROM pragma_table_info('job')")
            .query(String.class)
            .list()
            .stream()
            .filter(column -> !column.equals("id") && !column.equals("family"))
            .collect(joining(", "));
    database
        .sql(
            "INSERT INTO job (id, family, %1$s) SELECT ?, ?, %1$s FROM job WHERE id = ?"
                .formatted(others))
        .params(newId, newKind, id)
        .update();
    database.sql("UPDATE job SET finished_at = finished_at - 1 WHERE id = ?").param(newId).update();
  }

  @Test
  void anUnfinishedJobIsKeptHoweverOldItIs() {
    String running = occupyTheImportThread();
    String queued = enqueue(_ -> {});

    clock.pass(Duration.ofDays(10_000));
    forgetOldJobs.forgetOldJobs();

    assertThat(kind.forgotten()).isEmpty();
    assertThat(jobs.find(running)).isPresent();
    assertThat(jobs.find(queued)).isPresent();
  }
}
