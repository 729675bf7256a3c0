package dev.waybill.worker;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.job.Job;
import dev.waybill.job.JobEvents;
import dev.waybill.job.JobStatus;
import dev.waybill.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Computes the effect of a group of reports on a job: its new counters, its output and its events.
 * Stores no data in the database. Only one thread may use an instance.
 */
final class Course {

  static final int MAX_OUTPUT_BYTES = 1 << 20;
  static final int MAX_OWN_EVENTS = 10_000;

  private static final EventType CHUNK = EventType.of("chunk", Delivery.EACH);

  private final Job job;
  private final JsonMapper json;
  private final StringBuilder output = new StringBuilder();

  /**
   * The events in order. Null is a placeholder for the progress event, which is made only after the
   * last report was added.
   */
  private final List<@Nullable Draft> drafts = new ArrayList<>();

  private long reportSequence;
  private int ownEvents;
  private int outputBytes;
  private long done;
  private @Nullable Long total;
  private @Nullable Double percent;
  private @Nullable String message;
  private @Nullable Ending ending;

  /**
   * The end of a job. The end consists of the final status of the job, and the job's error or
   * result.
   */
  record Ending(JobStatus status, @Nullable String error, @Nullable String result) {}

  private record Draft(EventType type, String data) {}

  Course(Job job, ExternalJob before, JsonMapper json) {
    this.job = job;
    this.json = json;
    this.reportSequence = before.reportSequence();
    this.ownEvents = before.ownEvents();
    this.outputBytes = before.outputBytes();
    this.done = before.done();
    this.total = before.total();
    this.percent = before.percent();
    this.message = before.message();
  }

  @Nullable Ending ending() {
    return ending;
  }

  String output() {
    return output.toString();
  }

  /**
   * Adds the next report.
   *
   * @throws Problem if the report cannot be accepted; in this case the report has no effect
   */
  void take(Report report) {
    Long sequence = report.sequence();
    if (sequence != null && sequence <= reportSequence) {
      return; // this report was already applied
    }
    if (ending != null) {
      throw WorkerProblems.finished();
    }
    if (sequence != null && sequence > reportSequence + 1) {
      throw WorkerProblems.sequence(reportSequence + 1);
    }
    switch (report) {
      case Report.Progress progress -> take(progress);
      case Report.Chunk chunk -> take(chunk);
      case Report.Own own -> take(own);
      case Report.Alive _ -> {}
      case Report.Complete complete -> ending = end(JobStatus.COMPLETED, null, complete.result());
      case Report.Failed failed ->
          ending = end(JobStatus.FAILED, error(json, failed.code(), failed.detail()), null);
      case Report.Cancelled _ -> {
        if (!job.cancelRequested()) {
          throw WorkerProblems.notCancelled();
        }
        ending = end(JobStatus.CANCELLED, null, null);
      }
    }
    if (sequence != null) {
      reportSequence = sequence;
    }
  }

  private void take(Report.Progress progress) {
    done = Math.max(done, progress.done());
    if (progress.total() != null) {
      total = progress.total();
    }
    if (progress.message() != null) {
      message = progress.message();
    }
    if (total != null) {
      double now = total == 0 ? 0 : Math.min(100, Math.floor(done * 1000.0 / total) / 10);
      percent = percent == null ? now : Math.max(percent, now);
    }
    drafts.remove(null);
    drafts.add(null);
  }

  private void take(Report.Chunk chunk) {
    int bytes = chunk.text().getBytes(StandardCharsets.UTF_8).length;
    if (outputBytes + bytes > MAX_OUTPUT_BYTES) {
      ending =
          end(
              JobStatus.FAILED,
              error(
                  json,
                  "output-too-large",
                  "The output would have more than %,d bytes. The output before that is kept."
                      .formatted(MAX_OUTPUT_BYTES)),
              null);
      return;
    }
    if (!chunk.text().isEmpty()) {
      outputBytes += bytes;
      output.append(chunk.text());
      drafts.add(new Draft(CHUNK, json.writeValueAsString(Map.of("text", chunk.text()))));
    }
  }

  private void take(Report.Own own) {
    if (ownEvents >= MAX_OWN_EVENTS) {
      throw WorkerProblems.tooManyEvents(MAX_OWN_EVENTS);
    }
    ownEvents++;
    drafts.add(new Draft(own.type(), own.data()));
  }

  /**
   * Returns the end of a job. If a client has asked to cancel the job, the status of every end is
   * {@code CANCELLED}.
   */
  private Ending end(JobStatus status, @Nullable String error, @Nullable String result) {
    return job.cancelRequested()
        ? new Ending(JobStatus.CANCELLED, null, result)
        : new Ending(status, error, result);
  }

  static String error(JsonMapper json, String code, String detail) {
    return json.writeValueAsString(
        Map.of(
            "type",
            "urn:waybill:problem:" + (code.matches("[a-z-]+") ? code : "worker-error"),
            "title",
            "The job failed",
            "status",
            500,
            "detail",
            detail,
            "code",
            code));
  }

  /**
   * The job after all added reports. The result does not include the numbers of the resulting
   * events yet.
   */
  ExternalJob after(ExternalJob before, String body) {
    return new ExternalJob(
        before.jobId(),
        before.unit(),
        before.silence(),
        job.attempt(),
        reportSequence,
        before.eventSequence(),
        ownEvents,
        done,
        total,
        percent,
        message,
        outputBytes,
        before.piece(),
        before.pieceBytes(),
        body);
  }

  /**
   * The events that result from all added reports, numbered from {@code afterSequence} + 1. All
   * progress reports together result in one event.
   */
  List<StreamEvent> events(long afterSequence, ExternalJob now, JobEvents jobEvents) {
    List<StreamEvent> events = new ArrayList<>();
    long sequence = afterSequence;
    for (Draft draft : drafts) {
      EventId id = new EventId(job.attempt(), ++sequence);
      events.add(
          draft == null
              ? jobEvents.progress(ExternalView.of(job, now, null, null), id)
              : new StreamEvent(
                  job.id(), id, draft.type(), draft.data(), ExternalView.position(id)));
    }
    return events;
  }
}
