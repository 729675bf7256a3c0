package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.annotation.Scheduled;

class ScheduledRoundsTest {

  private static final int PATIENCE_SECONDS = 20;

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withPropertyValues("spring.threads.virtual.enabled=true")
          .withConfiguration(AutoConfigurations.of(TaskSchedulingAutoConfiguration.class))
          .withUserConfiguration(StreamConfiguration.class, Settings.class)
          .withBean(SimpleMeterRegistry.class)
          .withBean(StreamMetrics.class)
          .withBean(TwoRounds.class);

  @EnableConfigurationProperties(StreamProperties.class)
  static class Settings {}

  /** Neither of the two rounds ends before the other one has begun. */
  static class TwoRounds {

    private final CyclicBarrier bothUnderWay = new CyclicBarrier(2);
    private final CountDownLatch ended = new CountDownLatch(2);

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
    void one() throws Exception {
      bothUnderWay.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      ended.countDown();
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
    void another() throws Exception {
      one();
    }
  }

  @Test
  void aRoundDoesNotWaitForAnother() {
    service.run(
        context -> {
          TwoRounds rounds = context.getBean(TwoRounds.class);

          assertThat(rounds.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        });
  }
}
