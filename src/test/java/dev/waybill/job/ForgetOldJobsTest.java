package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ForgetOldJobsTest extends JobTestBase {

  @Autowired private ForgetOldJobs forgetOldJobs;
  @Autowired private JobsProperties properties;

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
