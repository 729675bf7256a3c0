package dev.waybill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A record that three pods show and one of them polls, until that pod is killed. */
class RecordsOverPodsIT {

  private static final String STREAM = "record:parcel:7";
  private static final String PATH = "/api/records/parcel/7/events";

  private volatile String state = "PACKED";

  @Test
  @Shows("record.killed")
  void afterTheDeathOfThePodThatPollsAnotherGoesOnAndNothingIsLostOrComesTwice() throws Exception {
    HttpServer source = source();
    try (Cluster cluster =
            Cluster.up(
                "--waybill.records.parcel.http.url=http://127.0.0.1:%d/parcels/{key}"
                    .formatted(source.getAddress().getPort()),
                "--waybill.records.parcel.http.interval=500ms",
                "--waybill.records.parcel.http.done-when=/state=DELIVERED");
        SseConnection atPoller = SseConnection.openPath(cluster.podPort("1"), PATH, null)) {
      expect(atPoller, "waybill.open", null);
      Event seen = expect(atPoller, "snapshot", "PACKED");
      assertThat(cluster.podNamed("SELECT owner FROM watched_record WHERE stream_id = ?", STREAM))
          .hasValue("1");
      try (SseConnection watcher = SseConnection.openPath(cluster.podPort("2"), PATH, null)) {
        List<Event> events = new ArrayList<>();
        expect(watcher, "waybill.open", null);
        events.add(expect(watcher, "snapshot", "PACKED"));
        state = "SENT";
        events.add(expect(watcher, "change", "SENT"));

        cluster.kill("1");
        state = "IN_TOWN"; // nobody polls until the lease of the killed pod is over

        events.add(expect(watcher, "snapshot", "IN_TOWN"));
        assertThat(cluster.podNamed("SELECT owner FROM watched_record WHERE stream_id = ?", STREAM))
            .hasValue("2");
        try (SseConnection back = SseConnection.openPath(cluster.podPort("3"), PATH, seen.id())) {
          expect(back, "waybill.open", null);
          expect(back, "snapshot", "IN_TOWN");
          state = "AT_THE_DOOR";
          events.add(expect(watcher, "change", "AT_THE_DOOR"));
          expect(back, "change", "AT_THE_DOOR");
          state = "DELIVERED";
          for (SseConnection each : List.of(watcher, back)) {
            Event change = expect(each, "change", "DELIVERED");
            Event complete = expect(each, "complete", "DELIVERED");
            events.addAll(each == watcher ? List.of(change, complete) : List.of());
            assertThat(each.next()).isNull();
          }
        }
        int first = events.getFirst().attempt();
        int second = events.get(2).attempt();
        assertThat(second).isGreaterThan(first);
        assertThat(events)
            .extracting(Event::id)
            .containsExactly(
                first + "-1",
                first + "-2",
                second + "-1",
                second + "-2",
                second + "-3",
                second + "-4");
      }
    } finally {
      source.stop(0);
    }
  }

  /** The next event, whose record must have this state. */
  private static Event expect(SseConnection stream, String name, @Nullable String state)
      throws IOException {
    Event next = stream.next();
    assertThat(next).isNotNull();
    assertThat(next.name()).as(next.toString()).isEqualTo(name);
    if (state != null) {
      assertThat(next.data().toString()).contains("\"state\":\"" + state + "\"");
    }
    return next;
  }

  private HttpServer source() throws IOException {
    HttpServer source = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    source.createContext(
        "/parcels/7",
        exchange -> {
          byte[] body = "{\"state\":\"%s\"}".formatted(state).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    source.start();
    return source;
  }
}
