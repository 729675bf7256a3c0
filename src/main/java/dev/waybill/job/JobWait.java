package dev.waybill.job;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Waits until a job changes. This class polls the database, because a job can change on any pod. A
 * poll is cheap: reading one row by its key takes only microseconds.
 */
@Component
@RequiredArgsConstructor
class JobWait {

  private static final Duration CHECK = Duration.ofMillis(200);

  private final JobStore store;
  private final JobKinds kinds;
  private final JobWorker worker;

  /**
   * Waits until the state of the job differs from {@code now}, but at most for {@code patience}.
   * Returns early if the job has finished or this pod is stopping.
   */
  JobView untilChanged(JobView now, Duration patience, Function<JobView, String> etag) {
    String known = etag.apply(now);
    return until(job -> !etag.apply(job).equals(known), now, patience);
  }

  /**
   * Waits until the state of the job differs from the state that the caller knows. Returns
   * immediately if the states already differ.
   */
  JobView untilDifferent(
      JobView now, String ifNoneMatch, Duration patience, Function<JobView, String> etag) {
    return until(job -> !matches(ifNoneMatch, etag.apply(job)), now, patience);
  }

  /**
   * Compares an ETag in the way that {@code If-None-Match} requires: by weak comparison with each
   * ETag of the list. A star matches any state.
   */
  private static boolean matches(String ifNoneMatch, String etag) {
    String opaque = etag.startsWith("W/") ? etag.substring(2) : etag;
    return ifNoneMatch.strip().equals("*") || ifNoneMatch.contains(opaque);
  }

  private JobView until(Predicate<JobView> isNew, JobView now, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    JobView job = now;
    while (!isNew.test(job) && !job.status().isFinished() && !worker.isStopping()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        Thread.sleep(Math.min(CHECK.toMillis(), Math.max(1, left / 1_000_000)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      job = store.find(job.transactionId()).map(kinds::view).orElse(job);
    }
    return job;
  }
}
