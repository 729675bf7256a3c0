package dev.waybill.clients;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** What one client has received of a stream, in order. Thread-safe. */
final class Watched {

  static final Set<String> FINAL = Set.of("complete", "error", "cancelled");

  private final List<Event> events = new CopyOnWriteArrayList<>();

  record Event(long attempt, long sequence, String name) {

    static Event of(String id, String name) {
      String[] parts = id.split("-", 2);
      return new Event(Long.parseLong(parts[0]), Long.parseLong(parts[1]), name);
    }

    boolean isAfter(Event other) {
      return attempt > other.attempt || (attempt == other.attempt && sequence > other.sequence);
    }
  }

  void add(String id, String name) {
    events.add(Event.of(id, name));
  }

  List<Event> events() {
    return events;
  }

  int size() {
    return events.size();
  }

  List<String> names() {
    return events.stream().map(Event::name).toList();
  }

  /** The events whose ID does not follow the ID of the event before them. */
  List<Event> outOfOrder() {
    List<Event> all = List.copyOf(events);
    return IntStream.range(1, all.size())
        .filter(at -> !all.get(at).isAfter(all.get(at - 1)))
        .mapToObj(all::get)
        .toList();
  }
}
