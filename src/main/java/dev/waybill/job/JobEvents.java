package dev.waybill.job;

import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the events that describe a job's state, from the job's rows in the database. The events
 * depend only on these rows. So every pod can make the same event any number of times.
 */
@Component
@RequiredArgsConstructor
public class JobEvents implements StreamKind {

  /** The maximum number of IDs in one query. Both databases accept more parameters than this. */
  private static final int IDS_A_QUERY = 10_000;

  /** The prefix of the name of a job's stream. Each kind of stream has its own prefix. */
  private static final String NAME_PREFIX = "job:";

  private final JobStore store;
  private final ScheduledTasks tasks;
  private final JobKinds kinds;
  private final JsonMapper json;

  /**
   * The ID of a job's stream is the transaction ID without a prefix. The stream IDs of all other
   * kinds contain a colon after a prefix.
   */
  @Override
  public boolean covers(String streamId) {
    return streamId.indexOf(':') < 0;
  }

  @Override
  public Optional<String> streamId(String name) {
    return name.startsWith(NAME_PREFIX)
        ? Optional.of(name.substring(NAME_PREFIX.length())).filter(this::covers)
        : Optional.empty();
  }

  @Override
  public String name(String streamId) {
    return NAME_PREFIX + streamId;
  }

  @Override
  public Optional<StreamState> state(String streamId) {
    return store.find(streamId).map(this::state);
  }

  private StreamState state(Job job) {
    JobView view = kinds.whole(job);
    EventId covered = view.covered();
    return new StreamState(
        JobEventTypes.SNAPSHOT,
        json.writeValueAsString(withPlace(view.inEvent(), job)),
        view.position(),
        covered == null ? job.attempt() : Math.max(job.attempt(), covered.epoch()),
        job.status().isFinished() ? finalEvent(job, view) : null,
        covered);
  }

  private JobView withPlace(JobView view, Job job) {
    return job.status() == JobStatus.QUEUED ? view.at(tasks.queuePosition(job.id())) : view;
  }

  @Override
  public List<StreamEvent> endedAmong(Collection<String> streamIds) {
    List<String> ids = List.copyOf(streamIds);
    List<StreamEvent> ended = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += IDS_A_QUERY) {
      List<String> some = ids.subList(from, Math.min(from + IDS_A_QUERY, ids.size()));
      store.finishedAmong(some).stream().map(this::finalEvent).forEach(ended::add);
    }
    return ended;
  }

  StreamEvent finalEvent(Job job) {
    return finalEvent(job, kinds.view(job));
  }

  private StreamEvent finalEvent(Job job, JobView view) {
    EventId id = Objects.requireNonNull(job.finalEventId());
    return event(view, id, job.status().finalEvent(), view.inFinalEvent());
  }

  StreamEvent snapshot(Job job, EventId id) {
    return snapshot(kinds.whole(job), id);
  }

  /** An event with the whole state of the job. */
  public StreamEvent snapshot(JobView view, EventId id) {
    return event(view, id, JobEventTypes.SNAPSHOT, view.inEvent());
  }

  /** An event with the progress of the job. */
  public StreamEvent progress(JobView view, EventId id) {
    return event(view, id, JobEventTypes.PROGRESS, view.progress());
  }

  private StreamEvent event(JobView view, EventId id, EventType type, Object data) {
    return new StreamEvent(
        view.transactionId(), id, type, json.writeValueAsString(data), view.position());
  }
}
