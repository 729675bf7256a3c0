package dev.waybill.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The kinds of jobs that this process knows, by name. */
@Component
class JobKinds {

  private final Map<String, JobKind> byName;

  JobKinds(List<JobKind> kinds) {
    byName = kinds.stream().collect(Collectors.toMap(JobKind::name, Function.identity()));
  }

  Collection<JobKind> all() {
    return byName.values();
  }

  /** The kind of a job; empty for one that only another version knows. */
  Optional<JobKind> find(Job job) {
    return Optional.ofNullable(byName.get(job.kind()));
  }

  /**
   * @throws IllegalStateException for a kind that only another version knows
   */
  JobKind of(Job job) {
    return find(job)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "unknown kind %s of job %s".formatted(job.kind(), job.id())));
  }
}
