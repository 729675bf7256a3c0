package dev.waybill.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job with only the fields that all jobs have. This view is used for a job whose kind only
 * another version of this service knows.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record CommonView(
    String transactionId,
    String kind,
    @Nullable String title,
    JobStatus status,
    int attempt,
    boolean cancelRequested,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonRawValue @Nullable String error,
    Links links)
    implements JobView {

  /** The paths of the job and of its stream on this server. */
  record Links(String self, String events) {}

  /** The data of a {@code progress} event. */
  record Progress(JobStatus status, int attempt) {}

  static CommonView of(Job job) {
    String self = "/api/jobs/" + job.id();
    return new CommonView(
        job.id(),
        job.kind(),
        job.title(),
        job.status(),
        job.attempt(),
        job.cancelRequested(),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        job.error(),
        new Links(self, self + "/events"));
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public JobView listed() {
    return this;
  }

  @Override
  public JobView inEvent() {
    return this;
  }

  @Override
  public JobView at(@Nullable Integer queuePosition) {
    return this;
  }

  @Override
  public JobView withoutPace() {
    return this;
  }

  @Override
  public Object progress() {
    return new Progress(status, attempt);
  }
}
