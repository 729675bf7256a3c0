package dev.waybill.job;

import java.util.List;
import java.util.Map;
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

  /**
   * @throws IllegalStateException for a kind that only another version knows
   */
  JobKind of(Job job) {
    JobKind kind = byName.get(job.kind());
    if (kind == null) {
      throw new IllegalStateException("unknown kind %s of job %s".formatted(job.kind(), job.id()));
    }
    return kind;
  }
}
