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
 * An external job as clients see it, in JSON.
 *
 * @param outputBytes the size of the whole output as UTF-8
 * @param output the whole text so far; if it is left out, null and no property in JSON
 * @param payload the payload from the creation of the job; if it is left out, null and no property
 *     in JSON
 * @param result if it is left out, null and no property in JSON
 * @param omitted the names of large properties that an event leaves out; no property in JSON if
 *     there are none
 * @param covered the last event that this state contains
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

  /** Links to the job, as paths on this server. */
  public record Links(String self, String events) {}

  /** The data of a {@code progress} event: the properties of the job that change. */
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

  /**
   * The position of an event. An event of a later attempt always has a higher position, although
   * the output may have been dropped.
   */
  static long position(EventId id) {
    return ((long) id.epoch() << 40) + id.sequence();
  }

  /** The job without the properties that may be large. */
  @Override
  public ExternalView listed() {
    return without(null, null, List.of());
  }

  /**
   * The job with its output, to which watchers append, but without the payload, which never
   * changes.
   */
  @Override
  public ExternalView inEvent() {
    return without(output, result, List.of("payload"));
  }

  /** The job without its output, because watchers have got the output from earlier events. */
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
