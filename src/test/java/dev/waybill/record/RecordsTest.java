package dev.waybill.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.waybill.contract.Shows;
import dev.waybill.event.StreamUnreadableException;
import dev.waybill.stream.RawStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A running server. Its records are in a table of its database and behind an HTTP server. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.records.order.jdbc.query=SELECT id, status, total FROM shop_order WHERE id = :key",
      "waybill.records.order.jdbc.interval=500ms",
      "waybill.records.order.jdbc.done-when=/status = DELIVERED, CANCELLED",
      "waybill.records.parcel.http.interval=500ms",
      "waybill.records.parcel.http.done-when=/state/code = 9"
    })
class RecordsTest {

  private static final Map<String, String> PARCELS = new ConcurrentHashMap<>();
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();
  private static HttpServer parcels;

  @TempDir static Path folder;

  @LocalServerPort int port;
  @Autowired JdbcClient database;
  @Autowired OpenRecord openRecord;

  @DynamicPropertySource
  static void parcels(DynamicPropertyRegistry registry) throws IOException {
    parcels = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    parcels.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    parcels.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getRawPath();
          ASKED.add(path);
          String body = PARCELS.get(path);
          byte[] bytes = (body == null ? "no" : body).getBytes(StandardCharsets.UTF_8);
          if (body != null && body.startsWith("http")) {
            exchange.getResponseHeaders().set("Location", body);
            exchange.sendResponseHeaders(302, -1);
          } else {
            exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    parcels.start();
    String url = "http://127.0.0.1:" + parcels.getAddress().getPort() + "/parcels/{key}/now?full=1";
    registry.add("waybill.records.parcel.http.url", () -> url);
    registry.add("waybill.data-dir", () -> folder);
  }

  @AfterAll
  static void stop() {
    parcels.stop(0);
  }

  @BeforeEach
  void orders() {
    database
        .sql(
            "CREATE TABLE IF NOT EXISTS shop_order (id TEXT PRIMARY KEY, status TEXT, total"
                + " INTEGER)")
        .update();
    database.sql("DELETE FROM shop_order").update();
    database.sql("DELETE FROM watched_record").update();
  }

  @Test
  @Shows({"call.records", "record.events", "record.ended"})
  void aRecordIsFollowedToItsEnd() throws IOException {
    order("1001", "NEW", 12);
    String last;
    try (RawStream stream = watch("/api/records/order/1001/events")) {
      assertThat(stream.block()).startsWith("retry: 3000\n");
      assertThat(stream.block()).contains("event: waybill.open\n");
      String snapshot = next(stream);
      assertThat(snapshot)
          .contains("event: snapshot\n")
          .contains("data: {\"id\":\"1001\",\"status\":\"NEW\",\"total\":12}\n");
      String epoch = snapshot.substring(4, snapshot.indexOf('-'));
      order("1001", "PACKED", 12);
      assertThat(next(stream))
          .isEqualTo(
              "id: %s-2\nevent: change\ndata: {\"record\":{\"id\":\"1001\",\"status\":\"PACKED\",\"total\":12},\"changed\":[\"status\"]}\n\n"
                  .formatted(epoch));
      order("1001", "DELIVERED", 13);
      assertThat(next(stream)).contains("\"changed\":[\"status\",\"total\"]");
      assertThat(next(stream))
          .isEqualTo(
              "id: %s-4\nevent: complete\ndata: {\"id\":\"1001\",\"status\":\"DELIVERED\",\"total\":13}\n\n"
                  .formatted(epoch));
      assertThat(next(stream)).isEmpty();
      last = epoch + "-4";
    }
    try (RawStream again = watch("/api/records/order/1001/events?lastEventId=" + last)) {
      assertThat(again.status).isEqualTo(204);
    }
    try (RawStream fresh = watch("/api/streams/record:order:1001/events")) {
      String all = fresh.rest();
      assertThat(all).contains("event: snapshot\n").contains("id: " + last + "\nevent: complete\n");
    }
    // The order is returned, so it is no longer done. The old final ID is now a cursor like any
    // other.
    order("1001", "RETURNED", 13);
    await()
        .untilAsserted(
            () -> {
              try (RawStream back = watch("/api/records/order/1001/events?lastEventId=" + last)) {
                assertThat(back.status).isEqualTo(200);
              }
            });
  }

  /** All clients open their records at the same moment, and one more record may be polled. */
  @Test
  @Shows("record.most")
  void clientsThatConnectAtTheSameMomentDoNotExceedTheLimitTogether() throws Exception {
    for (int i = 1; i < OpenRecord.MOST_POLLED; i++) {
      database
          .sql(
              """
              INSERT INTO watched_record
                (stream_id, epoch, sequence, body, owner, lease_until, read_at)
              VALUES (?, 1, 1, '{}', 'another', ?, 0)
              """)
          .params("record:order:other-" + i, Long.MAX_VALUE)
          .update();
    }
    int clients = 12;
    CyclicBarrier together = new CyclicBarrier(clients);
    List<Future<Boolean>> opened = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        String key = "many-" + i;
        order(key, "NEW", 1);
        opened.add(
            threads.submit(
                () -> {
                  together.await();
                  try {
                    return openRecord.open(new RecordName("order", key)).isPresent();
                  } catch (StreamUnreadableException e) {
                    return false;
                  }
                }));
      }
    }

    assertThat(opened).extracting(Future::resultNow).filteredOn(Boolean::booleanValue).hasSize(1);
    assertThat(database.sql("SELECT COUNT(*) FROM watched_record").query(Integer.class).single())
        .isEqualTo(OpenRecord.MOST_POLLED);
  }

  @Test
  @Shows("record.vanished")
  void aRecordThatVanishesEndsInAnError() throws IOException {
    order("7", "NEW", 1);
    try (RawStream stream = watch("/api/records/order/7/events")) {
      stream.block();
      stream.block();
      next(stream);
      database.sql("DELETE FROM shop_order").update();
      assertThat(next(stream)).contains("event: error\n").contains("\"record-vanished\"");
      assertThat(next(stream)).isEmpty();
    }
    assertUnknown("/api/records/order/7/events");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/records/order/nothing/events",
        "/api/records/nothing/1/events",
        "/api/streams/record:order:nothing/events",
        "/api/events?stream=record:order:nothing"
      })
  @Shows({"record.unknown", "problem.record-unknown"})
  void anUnknownRecordIsAProblem(String path) throws IOException {
    assertUnknown(path);
  }

  private void assertUnknown(String path) throws IOException {
    try (RawStream answer = watch(path)) {
      assertThat(answer.status).isEqualTo(404);
      assertThat(answer.rest()).contains("urn:waybill:problem:record-unknown");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%27%20OR%20%271%27=%271",
        "1%3BDROP%20TABLE%20shop_order",
        "..",
        "%2E%2E",
        ".",
        "%2E",
        "a%2Fb",
        "a%3Fb",
        "a%23b",
        "%7Bkey%7D",
        "a%0D%0AHost:x",
        "%C3%BC",
        "a:b",
        "a%25",
        "a%00"
      })
  @Shows("record.key")
  void aKeyThatIsNoneReachesNoSource(String key) throws IOException {
    order("1", "NEW", 1);
    for (String kind : List.of("order", "parcel")) {
      int asked = ASKED.size();
      try (RawStream answer = watch("/api/records/" + kind + "/" + key + "/events")) {
        assertThat(answer.status).isBetween(400, 404);
      }
      assertThat(ASKED).hasSize(asked);
    }
  }

  @Test
  @Shows("record.http")
  void aRecordBehindHttpIsOneSegmentOfAPath() throws IOException {
    PARCELS.put("/parcels/a%40b%7Ec/now", "{\"state\":{\"code\":1}}");
    try (RawStream stream = watch("/api/records/parcel/a@b~c/events")) {
      stream.block();
      stream.block();
      assertThat(next(stream)).contains("data: {\"state\":{\"code\":1}}\n");
      PARCELS.put("/parcels/a%40b%7Ec/now", "{\"state\":{\"code\":9}}");
      assertThat(next(stream)).contains("event: change\n").contains("\"changed\":[\"state\"]");
      assertThat(next(stream)).contains("event: complete\n");
    }
  }

  @Test
  @Shows("record.http")
  void aRedirectOrTooMuchIsNoAnswer() throws IOException {
    PARCELS.put("/parcels/moved/now", "http://127.0.0.1:" + port + "/api/jobs");
    PARCELS.put("/parcels/large/now", "{\"text\":\"" + "x".repeat(70_000) + "\"}");
    PARCELS.put("/parcels/list/now", "[1]");
    for (String key : List.of("moved", "large", "list")) {
      try (RawStream refused = watch("/api/records/parcel/" + key + "/events")) {
        assertThat(refused.status).isEqualTo(200);
        assertThat(refused.rest()).matches("retry: \\d{4,5}\n: waybill\n\n");
      }
    }
  }

  @Test
  @Shows("record.one-poller")
  void manyWatchersCostOnePollerAndOneQuestionForUnknownKeys() throws IOException {
    PARCELS.put("/parcels/many/now", "{\"a\":1}");
    try (RawStream one = watch("/api/records/parcel/many/events");
        RawStream two = watch("/api/events?stream=record:parcel:many")) {
      one.block();
      two.block();
      PARCELS.put("/parcels/many/now", "{\"a\":2}");
      await().until(() -> one.block().contains("event: change"));
      await().until(() -> two.block().contains("event: change"));
    }
    assertThat(
            database
                .sql("SELECT COUNT(*) FROM watched_record WHERE stream_id = 'record:parcel:many'")
                .query(Integer.class)
                .single())
        .isEqualTo(1);
    int before = ASKED.size();
    for (int i = 0; i < 5; i++) {
      assertUnknown("/api/records/parcel/absent/events");
    }
    assertThat(ASKED.subList(before, ASKED.size()).stream().filter(it -> it.contains("absent")))
        .hasSize(1);
  }

  private void order(String id, String status, int total) {
    database
        .sql(
            """
            INSERT INTO shop_order VALUES (:id, :status, :total)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, total = excluded.total
            """)
        .param("id", id)
        .param("status", status)
        .param("total", total)
        .update();
  }

  private RawStream watch(String path) throws IOException {
    return RawStream.open(port, "GET", path, 0);
  }

  private static String next(RawStream stream) throws IOException {
    String block = stream.block();
    while (block.startsWith(": ")) {
      block = stream.block();
    }
    return block;
  }
}
