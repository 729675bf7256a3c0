package dev.waybill.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The kinds of jobs that this process knows, by name. */
@Component
@RequiredArgsConstructor
class JobKinds {

  // The kinds are looked up only when they are needed, to avoid a circular dependency. Some kinds
  // depend on classes that read jobs, and these classes depend on JobKinds.
  private final ObjectProvider<JobKind> kinds;
  private final ObjectProvider<JobRecords> records;

  Collection<JobKind> all() {
    return byName().values();
  }

  /** The classes that store records about jobs of all kinds. */
  List<JobRecords> otherRecords() {
    return records.stream().filter(each -> !(each instanceof JobKind)).toList();
  }

  /** The kinds whose jobs are run by threads of this process. */
  List<QueuedKind> queued() {
    return all().stream().filter(QueuedKind.class::isInstance).map(QueuedKind.class::cast).toList();
  }

  /** The kind of a job; empty if only another version of this service knows the kind. */
  Optional<JobKind> find(Job job) {
    return Optional.ofNullable(byName().get(job.family()));
  }

  /**
   * The kind of a job that threads of this process run. Empty if an external program runs the job,
   * or if only another version of this service knows the kind of the job.
   */
  Optional<QueuedKind> findQueued(Job job) {
    return find(job).filter(QueuedKind.class::isInstance).map(QueuedKind.class::cast);
  }

  /**
   * @throws IllegalStateException if {@link #findQueued} finds no kind
   */
  QueuedKind ofQueued(Job job) {
    return findQueued(job)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "unknown kind %s of job %s".formatted(job.family(), job.id())));
  }

  /** A job as clients see it. Blocks on a query. */
  JobView view(Job job) {
    return find(job).map(kind -> kind.view(job)).orElseGet(() -> CommonView.of(job));
  }

  /** A job with all fields, including fields that can be large. Blocks on queries. */
  JobView whole(Job job) {
    return find(job).map(kind -> kind.whole(job)).orElseGet(() -> CommonView.of(job));
  }

  /** Whether {@link #whole} returns more fields than {@link #view}. */
  boolean hasLargeFields(Job job) {
    return find(job).filter(JobKind::hasLargeFields).isPresent();
  }

  /** Jobs in the form that a list shows, in the given order. Blocks on a few queries. */
  List<JobView> listed(List<Job> jobs) {
    Map<String, List<Job>> byFamily = new LinkedHashMap<>();
    jobs.forEach(job -> byFamily.computeIfAbsent(job.family(), _ -> new ArrayList<>()).add(job));
    Map<String, JobView> views = new HashMap<>();
    byFamily.forEach(
        (_, some) ->
            find(some.getFirst())
                .map(kind -> kind.listed(some))
                .orElseGet(() -> some.stream().<JobView>map(CommonView::of).toList())
                .forEach(view -> views.put(view.transactionId(), view)));
    return jobs.stream().map(job -> views.getOrDefault(job.id(), CommonView.of(job))).toList();
  }

  private Map<String, JobKind> byName() {
    return kinds.stream().collect(Collectors.toMap(JobKind::name, Function.identity()));
  }
}
