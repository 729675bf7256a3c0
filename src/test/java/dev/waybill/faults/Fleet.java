package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.process.CounterPoller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Many watchers of one job, of every kind and at every entry. Checks what they received. */
final class Fleet implements AutoCloseable {

  private static final int WATCHERS = 50;
  private static final long PATIENCE_MILLIS = 60_000;

  private final List<Watching> watchers = new ArrayList<>();

  Fleet(List<Integer> entries, String jobId, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < WATCHERS; i++) {
      Watcher.Manner[] manners = Watcher.Manner.values();
      Watcher.Manner manner = manners[i / entries.size() % manners.length];
      watchers.add(new Watcher(manner, entries, i % entries.size(), jobId, random.nextLong()));
    }
  }

  /** Adds one more watcher, to which the same checks apply. */
  void join(Watching watcher) {
    watchers.add(watcher);
  }

  /**
   * Waits until all watchers received the end.
   *
   * @param published the rejected rows that are published to watchers
   */
  String assertSeenAsOne(JsonNode ended, List<Integer> published) throws InterruptedException {
    for (Watching watcher : watchers) {
      assertThat(watcher.awaitSentAway(PATIENCE_MILLIS))
          .as("%s has seen the end", watcher)
          .isTrue();
      assertThat(watcher.oddities()).as(watcher.toString()).isEmpty();
    }
    List<Watching.Watch> watches =
        watchers.stream().flatMap(watcher -> watcher.watches().stream()).toList();
    Map<String, Event> rejections = new HashMap<>();
    watches.stream()
        .flatMap(watch -> watch.events().stream())
        .filter(event -> !event.rejectedRows().isEmpty())
        .forEach(event -> assertSameEverywhere(rejections, event));
    for (Watching.Watch watch : watches) {
      assertInOrder(watch);
      assertCountersNeverFall(watch.events());
      assertNoRejectionIsMissing(watch.events(), rejections.values());
    }
    for (Watching watcher : watchers) {
      List<Event> last = watcher.watches().getLast().events();
      assertOneEnd(watcher, ended);
      assertRowsArePublishedOrCovered(last, published);
    }
    assertThat(watchers.stream().map(each -> each.watches().getLast().events().getLast().id()))
        .containsOnly(watchers.getFirst().watches().getLast().events().getLast().id());
    long events = watches.stream().mapToLong(watch -> watch.events().size()).sum();
    long connections = watches.stream().mapToLong(watch -> watch.connections().size()).sum();
    return "%d watchers, %d connections, %d events, %d rejected events, final %s"
        .formatted(
            watchers.size(),
            connections,
            events,
            rejections.size(),
            watchers.getFirst().watches().getLast().events().getLast());
  }

  private static void assertSameEverywhere(Map<String, Event> known, Event event) {
    assertThat(Objects.requireNonNullElse(known.putIfAbsent(event.id(), event), event))
        .isEqualTo(event);
  }

  /**
   * The IDs of a watch must increase. But a connection may start with a snapshot of any ID: if the
   * log lost its newest events, the watcher resumes with an ID that the log does not have.
   */
  private static void assertInOrder(Watching.Watch watch) {
    @Nullable Event before = null;
    for (Watching.Connection connection : watch.connections()) {
      for (int i = 0; i < connection.events().size(); i++) {
        Event event = connection.events().get(i);
        assertThat(before == null || event.mayFollow(before) || i == 0 && event.isSnapshot())
            .as("%s after %s of %s", event, before, watch)
            .isTrue();
        before = event;
      }
    }
  }

  private static void assertCountersNeverFall(List<Event> events) {
    @Nullable JsonNode before = null;
    for (Event event : events) {
      @Nullable JsonNode counts = event.data().get("counts");
      if (counts != null) {
        assertThat(before != null && CounterPoller.hasFallenCount(before, counts))
            .as("%s says %s after %s", event, counts, before)
            .isFalse();
        before = counts;
      }
    }
  }

  /**
   * A rejection is missing if it belongs between two events of this watch, the watch does not have
   * it, and the last snapshot does not cover it.
   */
  private static void assertNoRejectionIsMissing(List<Event> events, Iterable<Event> rejections) {
    Set<String> seen = new HashSet<>();
    long covered = 0;
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      seen.add(event.id());
      if (event.isSnapshot()) {
        covered = event.data().at("/counts/rows").asLong();
      } else {
        for (Event rejection : rejections) {
          assertThat(
                  i > 0
                      && rejection.isAfter(events.get(i - 1))
                      && event.isAfter(rejection)
                      && !seen.contains(rejection.id())
                      && rejection.rejectedRows().getLast() > covered)
              .as(
                  "%s is missing between %s and %s",
                  rejection, events.get(Math.max(0, i - 1)), event)
              .isFalse();
        }
      }
    }
  }

  private static void assertRowsArePublishedOrCovered(List<Event> events, List<Integer> published) {
    Set<Integer> seen = new HashSet<>();
    Set<Integer> sinceSnapshot = new HashSet<>();
    long covered = 0;
    for (Event event : events) {
      if (event.isSnapshot()) {
        covered = event.data().at("/counts/rows").asLong();
        sinceSnapshot.clear();
      }
      for (int row : event.rejectedRows()) {
        assertThat(sinceSnapshot.add(row)).as("row %d comes once, and in %s", row, event).isTrue();
        seen.add(row);
      }
    }
    assertThat(published).containsAll(seen);
    for (int row : published) {
      assertThat(row <= covered || seen.contains(row))
          .as("row %d is published, or covered by a snapshot up to %d", row, covered)
          .isTrue();
    }
  }

  private static void assertOneEnd(Watching watcher, JsonNode ended) {
    List<Event> all = watcher.watches().stream().flatMap(each -> each.events().stream()).toList();
    assertThat(all.stream().filter(Event::isFinal))
        .as("%s", watcher)
        .containsExactly(all.getLast());
    assertThat(all.getLast().data()).isEqualTo(ended);
  }

  @Override
  public void close() {
    watchers.forEach(Watching::close);
  }
}
