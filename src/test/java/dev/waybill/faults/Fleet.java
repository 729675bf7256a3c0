package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Many watchers of one job, spread over all entries and all manners, and what they must see. */
final class Fleet implements AutoCloseable {

  private static final int WATCHERS = 20;
  private static final long PATIENCE_MILLIS = 60_000;

  private final List<Watcher> watchers = new ArrayList<>();

  Fleet(List<Integer> entries, String jobId, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < WATCHERS; i++) {
      Watcher.Manner[] manners = Watcher.Manner.values();
      Watcher.Manner manner = manners[i / entries.size() % manners.length];
      watchers.add(new Watcher(manner, entries, i % entries.size(), jobId, random.nextLong()));
    }
  }

  /**
   * Waits until all were told the end.
   *
   * @param told the rejected rows of which watchers are told
   */
  String assertSeenAsOne(JsonNode ended, List<Integer> told) throws InterruptedException {
    for (Watcher watcher : watchers) {
      assertThat(watcher.awaitSentAway(PATIENCE_MILLIS))
          .as("%s has seen the end", watcher)
          .isTrue();
      assertThat(watcher.oddities()).as(watcher.toString()).isEmpty();
    }
    List<Watcher.Watch> watches =
        watchers.stream().flatMap(watcher -> watcher.watches().stream()).toList();
    Map<String, Event> rejections = new HashMap<>();
    watches.stream()
        .flatMap(watch -> watch.events().stream())
        .filter(event -> !event.rejectedRows().isEmpty())
        .forEach(event -> assertSameEverywhere(rejections, event));
    for (Watcher.Watch watch : watches) {
      assertInOrder(watch);
      assertCountersNeverFall(watch.events());
      assertNoRejectionIsMissing(watch.events(), rejections.values());
    }
    for (Watcher watcher : watchers) {
      List<Event> last = watcher.watches().getLast().events();
      assertOneEnd(watcher, ended);
      assertRowsAreToldOrCovered(last, told);
    }
    long events = watches.stream().mapToLong(watch -> watch.events().size()).sum();
    long connections = watches.stream().mapToLong(watch -> watch.connections().size()).sum();
    return "%d watchers, %d connections, %d events, %d rejected events, final %s"
        .formatted(
            WATCHERS,
            connections,
            events,
            rejections.size(),
            watchers.getFirst().watches().getLast().events().getLast());
  }

  private static void assertSameEverywhere(Map<String, Event> known, Event event) {
    assertThat(Objects.requireNonNullElse(known.putIfAbsent(event.id(), event), event))
        .isEqualTo(event);
  }

  private static void assertInOrder(Watcher.Watch watch) {
    @Nullable Event before = null;
    for (Watcher.Connection connection : watch.connections()) {
      for (Event event : connection.events()) {
        assertThat(before == null || event.mayFollow(before))
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

  /** What others were told between two events of this watch: a snapshot stands in its place. */
  private static void assertNoRejectionIsMissing(List<Event> events, Iterable<Event> rejections) {
    for (int i = 1; i < events.size(); i++) {
      Event before = events.get(i - 1);
      Event after = events.get(i);
      if (!after.isSnapshot()) {
        for (Event rejection : rejections) {
          assertThat(rejection.isAfter(before) && after.isAfter(rejection))
              .as("%s is missing between %s and %s", rejection, before, after)
              .isFalse();
        }
      }
    }
  }

  private static void assertRowsAreToldOrCovered(List<Event> events, List<Integer> told) {
    Set<Integer> seen = new HashSet<>();
    long covered = 0;
    for (Event event : events) {
      for (int row : event.rejectedRows()) {
        assertThat(seen.add(row)).as("row %d comes once, and in %s", row, event).isTrue();
      }
      if (event.isSnapshot()) {
        covered = event.data().at("/counts/rows").asLong();
      }
    }
    assertThat(told).containsAll(seen);
    for (int row : told) {
      assertThat(row <= covered || seen.contains(row))
          .as("row %d is told, or covered by a snapshot up to %d", row, covered)
          .isTrue();
    }
  }

  private static void assertOneEnd(Watcher watcher, JsonNode ended) {
    List<Event> all = watcher.watches().stream().flatMap(each -> each.events().stream()).toList();
    assertThat(all.stream().filter(Event::isFinal))
        .as("%s", watcher)
        .containsExactly(all.getLast());
    assertThat(all.getLast().data()).isEqualTo(ended);
  }

  @Override
  public void close() {
    watchers.forEach(Watcher::close);
  }
}
