package dev.waybill.job;

import dev.waybill.event.EventPublisher;
import dev.waybill.event.StreamEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Publishes events, records them, and can lose a job's final event. */
final class RecordedEvents implements EventPublisher {

  private final EventPublisher publisher;
  private final List<StreamEvent> events = new CopyOnWriteArrayList<>();
  private final Set<String> withoutEnd = ConcurrentHashMap.newKeySet();

  RecordedEvents(EventPublisher publisher) {
    this.publisher = publisher;
  }

  @Override
  public Published publish(StreamEvent event) {
    if (event.type().isFinal() && withoutEnd.remove(event.streamId())) {
      throw new IllegalStateException("the log is gone");
    }
    Published published = publisher.publish(event);
    if (published == Published.DELIVERED) {
      events.add(event);
    }
    return published;
  }

  /** Makes the next publication of the job's final event fail. */
  void loseEnd(String jobId) {
    withoutEnd.add(jobId);
  }

  /** The published events of a job, as {@code id type}. */
  List<String> published(String jobId) {
    return of(jobId).stream().map(event -> event.id() + " " + event.type().name()).toList();
  }

  List<StreamEvent> of(String jobId) {
    return events.stream().filter(event -> event.streamId().equals(jobId)).toList();
  }

  void reset() {
    events.clear();
    withoutEnd.clear();
  }
}
