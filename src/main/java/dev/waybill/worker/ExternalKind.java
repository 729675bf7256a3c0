package dev.waybill.worker;

import dev.waybill.job.Job;
import dev.waybill.job.JobKind;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The {@link JobKind} of all external jobs, whose work is done by programs outside of Waybill.
 * Callers choose the names of the kinds of these jobs freely; only names that start with {@code
 * csv-} are reserved.
 */
@Component
@RequiredArgsConstructor
class ExternalKind implements JobKind {

  static final String NAME = "external";

  /**
   * The time that a worker has to end its job after a cancel. After this time, Waybill itself ends
   * the job.
   */
  static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);

  private final ExternalStore store;
  private final CallStore calls;
  // CallWorkers is looked up only when it is needed, because CallWorkers itself needs all kinds of
  // jobs.
  private final ObjectProvider<CallWorkers> callWorkers;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public JobView view(Job job) {
    return store
        .find(job.id())
        .map(external -> ExternalView.of(job, external, null, null))
        .orElseThrow(() -> Jobs.unknown(job.id()));
  }

  @Override
  public boolean hasLargeFields() {
    return true;
  }

  @Override
  public JobView whole(Job job) {
    ExternalStore.WithOutput found =
        store.withOutput(job.id()).orElseThrow(() -> Jobs.unknown(job.id()));
    return ExternalView.of(job, found.job(), found.output(), store.payload(job.id()));
  }

  @Override
  public List<JobView> listed(List<Job> jobs) {
    Map<String, ExternalJob> found = store.find(jobs.stream().map(Job::id).toList());
    List<JobView> views = new ArrayList<>();
    for (Job job : jobs) {
      ExternalJob external = found.get(job.id());
      if (external != null) {
        views.add(ExternalView.of(job, external, null, null).listed());
      }
    }
    return views;
  }

  @Override
  public void cancelRequested(Job job) {
    store.cancelBy(job.id(), CANCEL_PATIENCE.toMillis());
    callWorkers.getObject().cancelRequested(job.id());
  }

  @Override
  public void ended(Job job) {
    store.close(job.id());
  }

  @Override
  public void forget(String jobId) {
    calls.delete(jobId);
    store.delete(jobId);
  }

  @Override
  public List<String> jobsWithRecords(String after, int limit) {
    return store.idsAfter(after, limit);
  }
}
