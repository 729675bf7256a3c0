package dev.waybill.worker;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.waybill.event.EventId;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import dev.waybill.job.JobView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job of others as clients see it, in JSON.
 *
 * @param outputBytes the size of the whole output as UTF-8
 * @param output the whole text so far; null, and no property, where it was left out
 * @param payload as the job was created with it; null, and no property, where it was left out
 * @param result null, and no property, where it was left out
 * @param omitted the properties of an event that were left out because they are large; no property
 *     where there are none
 * @param covered the last event that this state covers
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ExternalView(
    String transactionId,
    String kind,
    String title,
    JobStatus status,
    int attempt,
    @Nullable Double percent,
    long done,
    @Nullable Long total,
    @Nullable String unit,
    @Nullable String message,
    boolean cancelRequested,
    int outputBytes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String output,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String payload,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String result,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonRawValue @Nullable String error,
    Links links,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> omitted,
    @JsonIgnore @Nullable EventId covered)
    implements JobView {

  /** Paths on this server. */
  public record Links(String self, String events) {}

  /** The data of a {@code progress} event: the part of the job that changes. */
  record Progress(
      JobStatus status,
      int attempt,
      @Nullable Double percent,
      long done,
      @Nullable Long total,
      @Nullable String unit,
      @Nullable String message) {}

  static ExternalView of(
      Job job, ExternalJob external, @Nullable String output, @Nullable String payload) {
    String self = "/api/jobs/" + job.id();
    boolean completed = job.status() == JobStatus.COMPLETED;
    return new ExternalView(
        job.id(),
        job.kind(),
        job.title() == null ? "" : job.title(),
        job.status(),
        job.attempt(),
        completed && external.total() != null ? Double.valueOf(100) : external.percent(),
        external.done(),
        external.total(),
        external.unit(),
        external.message(),
        job.cancelRequested(),
        external.outputBytes(),
        output,
        payload,
        job.result(),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        job.error(),
        new Links(self, self + "/events"),
        List.of(),
        external.attempt() == 0 ? null : new EventId(external.attempt(), external.eventSequence()));
  }

  @Override
  public long position() {
    return covered == null ? 0 : position(covered);
  }

  /** A later attempt is further, although its output may start again. */
  static long position(EventId id) {
    return ((long) id.epoch() << 40) + id.sequence();
  }

  /** Without what may be large. */
  @Override
  public ExternalView listed() {
    return without(null, null, List.of());
  }

  /** With the output, from which watchers go on, and without the payload, which never changes. */
  @Override
  public ExternalView inEvent() {
    return without(output, result, List.of("payload"));
  }

  /** Without the output: every watcher has it by then. */
  @Override
  public ExternalView inFinalEvent() {
    return without(null, result, List.of("output", "payload"));
  }

  @Override
  public ExternalView at(@Nullable Integer queuePosition) {
    return this;
  }

  @Override
  public ExternalView withoutPace() {
    return listed();
  }

  @Override
  public Progress progress() {
    return new Progress(status, attempt, percent, done, total, unit, message);
  }

  private ExternalView without(
      @Nullable String output, @Nullable String result, List<String> omitted) {
    return new ExternalView(
        transactionId,
        kind,
        title,
        status,
        attempt,
        percent,
        done,
        total,
        unit,
        message,
        cancelRequested,
        outputBytes,
        output,
        null,
        result,
        createdAt,
        startedAt,
        finishedAt,
        error,
        links,
        omitted,
        covered);
  }
}
