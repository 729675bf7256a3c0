package dev.waybill.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
import dev.waybill.platform.Database;
import java.util.concurrent.TimeUnit;
import lombok.Locked;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Starts and stops this pod's work on jobs. */
@Slf4j
@Component
@RequiredArgsConstructor
class JobWorker implements SmartLifecycle, DbSchedulerStarter {

  /**
   * The phase is higher than the phases of the streams and of the web server. So this worker starts
   * after the streams and the web server, and stops before them.
   */
  private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 100;

  private final ObjectProvider<Scheduler> scheduler; // lazy, because its task needs JobWorker
  private final ScheduledTasks tasks;
  private final ApplicationEventPublisher events;
  private final Environment environment;
  private final ObjectProvider<JobKinds> kinds; // lazy, because kinds may need JobWorker
  private boolean paused; // guarded by @Locked
  private volatile boolean running;
  private volatile boolean stopping;

  /** Whether each attempt must stop after its current chunk and return its job to the queue. */
  boolean isStopping() {
    return stopping;
  }

  @Override
  public void start() {
    // Takes over the jobs of an earlier process immediately, without waiting until heartbeats are
    // missing. With SQLite there is only one machine, and this process holds the lock on the data
    // folder. So the earlier process must be dead.
    if (Database.of(environment) == Database.SQLITE) {
      int takenBack = tasks.takeBackAll();
      if (takenBack > 0) {
        log.info("Continuing {} interrupted jobs", takenBack);
      }
    }
    pickOnlyWhatCanRun();
    doStart();
    running = true;
  }

  /**
   * Stops picking jobs while this pod lacks a resource that the jobs need, such as the upload
   * folder. Running attempts continue and send their heartbeats.
   */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  @Locked
  final void pickOnlyWhatCanRun() {
    boolean able = kinds.getObject().queued().stream().allMatch(QueuedKind::canRun);
    if (able == !paused) {
      return;
    }
    paused = !able;
    if (paused) {
      log.warn("Picking no jobs: this pod lacks what they need");
      scheduler.getObject().pause();
    } else {
      log.info("Picking jobs again");
      scheduler.getObject().resume();
      scheduler.getObject().triggerCheckForDueExecutions();
    }
  }

  @Override
  public void doStart() {
    scheduler.getObject().start();
  }

  @Override
  public void stop() {
    // As the first step, reports that this pod is not ready, so that a proxy sends no new requests
    // to this pod.
    AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
    stopping = true;
    // Makes the scheduler pick no more jobs and wait for the running attempts. These attempts check
    // the flag {@code stopping} after each chunk.
    scheduler.getObject().stop();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Returns false, because a stopped scheduler cannot start again. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
