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
 * An external job in the form in which clients see it, as JSON.
 *
 * @param outputBytes the size of the whole output as UTF-8
 * @param output the whole output so far; null and omitted from the JSON if it is left out
 * @param payload the payload from the creation of the job; null and omitted from the JSON if it is
 *     left out
 * @param result the result; null and omitted from the JSON if it is left out
 * @param omitted the names of the large properties that an event leaves out; omitted from the JSON
 *     if no property is left out
 * @param covered the ID of the last event whose change this state contains
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
   * The position of an event, a number that only grows. The position is always higher in a later
   * attempt, even if the output was dropped.
   */
  static long position(EventId id) {
    return ((long) id.epoch() << 40) + id.sequence();
  }

  /** The job without the properties that can be large. */
  @Override
  public ExternalView listed() {
    return without(null, null, List.of());
  }

  /**
   * The job in the form for an event. This form contains the output, because watchers append text
   * to the output. This form does not contain the payload, because the payload never changes.
   */
  @Override
  public ExternalView inEvent() {
    return without(output, result, List.of("payload"));
  }

  /**
   * The job in the form for its final event. This form does not contain the output, because
   * watchers have already got the output from earlier events.
   */
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
