package dev.waybill.file;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Reports whether this pod can use the upload folder. The folder must exist, must be the folder
 * that all pods share, and must be writable. A pod whose folder is missing is not ready and picks
 * no jobs, so that other pods run these jobs.
 *
 * <p>The check runs in a separate background thread, because a network mount whose server does not
 * answer can block for minutes. If a check does not return, the folder is reported as unusable.
 */
@Slf4j
@Component
public class UploadFolderHealthIndicator implements HealthIndicator {

  static final Duration INTERVAL = Duration.ofSeconds(1);

  /**
   * The maximum age of the last check. If the last check is older, the folder is reported as
   * unusable.
   */
  static final Duration STALE = Duration.ofSeconds(10);

  private final StoredFiles files;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("upload-folder").daemon().factory());
  private volatile Result last;

  private record Result(long atNanos, @Nullable String problem) {}

  @Autowired
  UploadFolderHealthIndicator(StoredFiles files) {
    this(files, System::nanoTime);
  }

  UploadFolderHealthIndicator(StoredFiles files, LongSupplier nanoTime) {
    this.files = files;
    this.nanoTime = nanoTime;
    this.last = new Result(nanoTime.getAsLong(), null);
  }

  /** Runs the first check before the first job can be picked, then schedules further checks. */
  @PostConstruct
  void start() {
    check();
    thread.scheduleWithFixedDelay(
        this::check, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void stop() {
    thread.shutdownNow();
  }

  /** Whether the last check passed and is not too old. Never blocks. */
  public boolean isUsable() {
    return problem() == null;
  }

  @Override
  public Health health() {
    String problem = problem();
    return problem == null
        ? Health.up().build()
        : Health.down().withDetail("reason", problem).build();
  }

  private @Nullable String problem() {
    Result result = last;
    return nanoTime.getAsLong() - result.atNanos() > STALE.toNanos()
        ? "the upload folder does not answer"
        : result.problem();
  }

  final void check() {
    String before = last.problem();
    String problem = findProblem();
    last = new Result(nanoTime.getAsLong(), problem);
    if (problem != null && before == null) {
      log.error("Not ready, and picking no jobs: {}", problem);
    } else if (problem == null && before != null) {
      log.info("The upload folder can be used again");
    }
  }

  private @Nullable String findProblem() {
    try {
      files.check();
      return null;
    } catch (FolderMissingException e) {
      log.debug("The upload folder is missing", e);
      return "the upload folder is missing, or is not the one that the other pods use";
    } catch (DiskFullException e) {
      log.debug("The upload folder is full", e);
      return "the upload folder is full";
    } catch (IOException | RuntimeException e) {
      log.debug("The upload folder takes no bytes", e);
      return "the upload folder cannot be written";
    }
  }
}
