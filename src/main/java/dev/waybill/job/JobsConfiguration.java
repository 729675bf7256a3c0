package dev.waybill.job;

import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.waybill.event.Pod;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Configures db-scheduler as the queue of jobs. The intervals of db-scheduler are in {@code
 * application.yaml}.
 */
@Slf4j
@Configuration
class JobsConfiguration {

  /** The number of jobs that one poll fetches for each thread. */
  private static final int CANDIDATES_A_THREAD = 3;

  @Bean
  Clock systemClock() {
    return Clock.systemUTC();
  }

  @Bean
  TransactionTemplate transactions(PlatformTransactionManager manager) {
    return new TransactionTemplate(manager);
  }

  /**
   * The only task of the queue. If memory ran out or the database does not answer, {@link RunJob}
   * cannot store that an attempt has failed. Then another attempt continues the job. The column
   * {@code idle_attempts} limits the number of these further attempts.
   */
  @Bean
  Task<Void> jobTask(RunJob runJob, Clock clock) {
    DeadExecutionHandler<Void> revive = new DeadExecutionHandler.ReviveDeadExecution<>();
    return Tasks.custom(JobQueue.TASK, Void.class)
        .onFailure(
            (failed, operations) -> {
              log.error(
                  "Job {}: attempt failed, trying again",
                  JobQueue.jobId(failed.getExecution()),
                  failed.getCause().orElse(null));
              Duration pause = RetryPause.after(failed.getExecution().consecutiveFailures + 1);
              operations.reschedule(failed, clock.instant().plus(pause));
            })
        .onDeadExecution(
            (dead, operations) -> {
              // After a freeze of the whole process, the scheduler of this process considers the
              // attempts that this process runs dead, because the heartbeats of these attempts are
              // old.
              if (!runJob.isRunning(JobQueue.jobId(dead.getExecution()))) {
                revive.deadExecution(dead, operations);
              }
            })
        .execute(runJob);
  }

  /**
   * Prevents Spring from stopping the scheduler. {@link JobWorker} stops the scheduler in the right
   * order, and a second stop would only log a warning.
   */
  @Bean
  static BeanFactoryPostProcessor schedulerIsStoppedByItsWorker() {
    return beans -> beans.getBeanDefinition("scheduler").setDestroyMethodName(null);
  }

  @Bean
  DbSchedulerCustomizer importThreads(DbSchedulerProperties properties, Pod pod) {
    int threads = properties.getThreads();
    // Bounds the queue of the threads and drops older entries. With the polling strategy "fetch",
    // each poll queues the same jobs again while all threads are busy, so no job is lost.
    ExecutorService executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(CANDIDATES_A_THREAD * threads),
            Thread.ofPlatform().name("import-", 1).factory(),
            new ThreadPoolExecutor.DiscardOldestPolicy());
    return new DbSchedulerCustomizer() {
      @Override
      public Optional<ExecutorService> executorService() {
        return Optional.of(executor);
      }

      @Override
      public Optional<SchedulerName> schedulerName() {
        return Optional.of(new SchedulerName.Fixed(pod.id()));
      }
    };
  }
}
