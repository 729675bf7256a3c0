package dev.waybill.job;

import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.waybill.event.Pod;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Sets db-scheduler up as the queue of jobs. Its intervals stand in {@code application.yaml}. */
@Slf4j
@Configuration
class JobsConfiguration {

  private static final Duration PAUSE_AFTER_UNKNOWN_FAILURE = Duration.ofSeconds(2);

  @Bean
  @ConditionalOnMissingBean
  Clock systemClock() {
    return Clock.systemUTC();
  }

  @Bean
  TransactionTemplate transactions(PlatformTransactionManager manager) {
    return new TransactionTemplate(manager);
  }

  /**
   * The one task of the queue. A failure that {@link RunJob} did not turn into an end (memory ran
   * out, the database is gone) leaves the job to the next attempt; {@code idle_attempts} bounds how
   * often.
   */
  @Bean
  Task<Void> jobTask(RunJob runJob, Clock clock) {
    return Tasks.custom(JobQueue.TASK, Void.class)
        .onFailure(
            (failed, operations) -> {
              log.error(
                  "Job {}: attempt failed, trying again",
                  JobQueue.jobId(failed.getExecution()),
                  failed.getCause().orElse(null));
              operations.reschedule(failed, clock.instant().plus(PAUSE_AFTER_UNKNOWN_FAILURE));
            })
        .onDeadExecutionRevive()
        .execute(runJob);
  }

  @Bean
  DbSchedulerCustomizer importThreads(DbSchedulerProperties properties, Pod pod) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            properties.getThreads(), Thread.ofPlatform().name("import-", 1).factory());
    return new DbSchedulerCustomizer() {
      @Override
      public Optional<ExecutorService> executorService() {
        return Optional.of(threads);
      }

      @Override
      public Optional<SchedulerName> schedulerName() {
        return Optional.of(new SchedulerName.Fixed(pod.id()));
      }
    };
  }
}
