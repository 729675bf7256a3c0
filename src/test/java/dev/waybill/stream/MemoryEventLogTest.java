package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryEventLogTest {

  private final AtomicLong now = new AtomicLong();
  private final EventsProperties properties = new EventsProperties(4, Duration.ofMinutes(10));
  private final MemoryEventLog log = new MemoryEventLog(properties, now::get, 1 << 20);

  @Test
  void knowsNothingOfAStreamWithoutEvents() {
    assertThat(log.end("s")).isEmpty();
    assertThat(log.after("s", new EventId(0, 1))).isEmpty();
  }

  @Test
  void answersWhatCameAfterAnId() {
    append("1-1", "1-2", "1-3");
    assertThat(log.end("s")).contains(new EventId(1, 3));
    assertThat(after("1-1")).contains(List.of("1-2", "1-3"));
    assertThat(after("1-3")).contains(List.of());
  }

  @Test
  void refusesAnIdThatIsNotAboveTheEnd() {
    append("1-1", "2-1");
    assertThat(log.append(event("s", "2-1", "x"))).isFalse();
    assertThat(log.append(event("s", "1-2", "x"))).isFalse();
    assertThat(after("1-1")).contains(List.of("2-1"));
  }

  @Test
  void doesNotVouchForTheFutureOrTheUnknown() {
    append("1-1", "1-2");
    assertThat(after("1-3")).isEmpty();
    assertThat(after("2-1")).isEmpty();
    assertThat(after("0-1")).isEmpty();
  }

  @Test
  void goesOnAcrossAttempts() {
    append("1-1", "1-2", "2-1", "2-2");
    assertThat(after("1-1")).contains(List.of("1-2", "2-1", "2-2"));
    assertThat(after("1-2")).contains(List.of("2-1", "2-2"));
    assertThat(after("1-3")).isEmpty();
  }

  @Test
  @Shows("setting.events.log-size")
  void keepsTheNewestAndKnowsTheOneRightBeforeThem() {
    append("1-1", "1-2", "1-3", "1-4", "1-5", "1-6");
    assertThat(after("1-1")).isEmpty();
    assertThat(after("1-2")).contains(List.of("1-3", "1-4", "1-5", "1-6"));
  }

  @Test
  void aSkippedNumberCutsOffWhatIsOlder() {
    append("1-1", "1-2", "1-4");
    assertThat(after("1-1")).isEmpty();
    assertThat(after("1-2")).isEmpty();
    assertThat(after("1-4")).contains(List.of());
  }

  @Test
  @Shows("setting.events.retention")
  void forgetsAStreamAfterItsRetention() {
    append("1-1");
    now.addAndGet(Duration.ofMinutes(9).toNanos());
    log.append(event("other", "1-1", "x"));
    log.purge();
    assertThat(log.end("s")).isPresent();
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    log.purge();
    assertThat(log.end("s")).isEmpty();
    assertThat(log.end("other")).isPresent();
  }

  @Test
  void shortOfRoomTheQuietestStreamLosesItsEventsButNotItsEnd() {
    MemoryEventLog small = new MemoryEventLog(properties, now::get, 5000);
    String data = "x".repeat(500);
    small.append(event("quiet", "1-1", data));
    small.append(event("quiet", "1-2", data));
    small.append(event("busy", "1-1", data));
    small.append(event("busy", "1-2", data));
    small.append(event("busy", "1-3", data));
    small.append(event("busy", "1-4", data));
    assertThat(small.end("quiet")).contains(new EventId(1, 2));
    assertThat(small.after("quiet", new EventId(1, 2))).contains(List.of());
    assertThat(small.after("quiet", new EventId(1, 1))).isEmpty();
    assertThat(small.after("busy", new EventId(1, 1)).orElseThrow()).hasSize(3);
  }

  @Test
  void oneStreamAloneStaysWithinTheRoomToo() {
    MemoryEventLog small = new MemoryEventLog(properties, now::get, 3000);
    small.append(event("s", "1-1", "x".repeat(1000)));
    small.append(event("s", "1-2", "x".repeat(1000)));
    assertThat(small.after("s", new EventId(1, 1)).orElseThrow()).hasSize(1);
    small.append(event("s", "1-3", "x".repeat(2000)));
    assertThat(small.after("s", new EventId(1, 2))).isEmpty();
    assertThat(small.after("s", new EventId(1, 3))).contains(List.of());
  }

  private void append(String... ids) {
    for (String id : ids) {
      assertThat(log.append(event("s", id, "x"))).isTrue();
    }
  }

  private Optional<List<String>> after(String id) {
    return log.after("s", EventId.parse(id).orElseThrow())
        .map(events -> events.stream().map(event -> event.id().toString()).toList());
  }

  private static StreamEvent event(String stream, String id, String data) {
    EventId parsed = EventId.parse(id).orElseThrow();
    EventType type = parsed.sequence() == 1 ? SampleTypes.SNAPSHOT : SampleTypes.REJECTED;
    return new StreamEvent(stream, parsed, type, data, 0);
  }
}
