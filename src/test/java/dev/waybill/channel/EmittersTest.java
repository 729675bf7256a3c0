package dev.waybill.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.stream.RawStream;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Calls for single connections by emitter ID, and connections that watch several streams. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class EmittersTest {

  @TempDir private static Path data;

  @LocalServerPort private int port;
  private final String a = "a-" + UUID.randomUUID();
  private final String b = "b-" + UUID.randomUUID();
  private StreamClient client;

  @DynamicPropertySource
  static void dataFolder(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> data);
  }

  @BeforeEach
  void connect() {
    client = new StreamClient(port);
  }

  @Test
  @Shows({"emitters.one", "emitters.list"})
  void anEmitterShowsWhatItWatches() throws Exception {
    String last = client.publish(a, "{\"data\":1}");
    try (RawStream stream = client.watch(a);
        RawStream other = client.watch(a)) {
      stream.block();
      other.block();
      String id = stream.headers.get("X-Waybill-Emitter");

      await().until(() -> client.get("/api/emitters/" + id).statusCode() == 200);
      JsonNode emitter = client.json("/api/emitters/" + id);
      assertThat(emitter.get("emitterId").asString()).isEqualTo(id);
      assertThat(emitter.get("pod").asString()).isEqualTo(stream.headers.get("X-Waybill-Pod"));
      assertThat(emitter.get("streams").toString()).isEqualTo("[\"" + a + "\"]");
      assertThat(emitter.get("lastEventId").asString()).isEqualTo(last);
      assertThat(emitter.get("waitingBytes").asLong()).isNotNegative();
      assertThat(emitter.has("connectedAt")).isTrue();
      assertThat(emitter.has("transport")).isTrue();

      JsonNode first = client.json("/api/emitters?limit=1&stream=" + a);
      assertThat(first.get("total").asInt()).isEqualTo(2);
      assertThat(first.get("items")).hasSize(1);
      JsonNode second =
          client.json(
              "/api/emitters?limit=1&stream=" + a + "&after=" + first.get("next").asString());
      assertThat(second.get("items")).hasSize(1);
      assertThat(second.get("next").isNull()).isTrue();
      assertThat(List.of(first, second))
          .extracting(page -> page.get("items").get(0).get("emitterId").asString())
          .containsExactlyInAnyOrder(id, other.headers.get("X-Waybill-Emitter"));
    }
    assertThat(client.json("/api/emitters?stream=" + b).get("items")).isEmpty();
    assertThat(client.get("/api/emitters?limit=0").statusCode()).isEqualTo(400);
  }

  /** While access is off, the ID of a job is the only secret that protects the job. */
  @Test
  @Shows("emitters.joined")
  void whileAccessIsOffAConnectionDoesNotGiveAwayTheJobsThatItAlsoWatches() throws Exception {
    String job = "job:" + client.finishedJob();
    try (RawStream stream = client.watchSeveral("", a, b, job)) {
      String id = stream.headers.get("X-Waybill-Emitter");
      await().until(() -> client.get("/api/emitters/" + id).statusCode() == 200);

      JsonNode byName = client.json("/api/emitters?stream=" + a);
      assertThat(byName.get("items")).hasSize(1);
      assertThat(byName.get("items").get(0).get("streams").toString()).isEqualTo("[\"" + a + "\"]");
      JsonNode byJob = client.json("/api/emitters?stream=" + job);
      assertThat(byJob.get("items").get(0).get("streams").toString())
          .isEqualTo("[\"" + job + "\"]");
      assertThat(client.json("/api/emitters/" + id).get("streams").toString())
          .isEqualTo("[\"%s\",\"%s\"]".formatted(a, b));
    }
  }

  @Test
  @Shows("emitters.send")
  void anEventForOneConnectionReachesNobodyElseAndMovesNoCursor() throws Exception {
    String first = client.publish(a, "{\"data\":1}");
    try (RawStream one = client.watch(a);
        RawStream other = client.watch(a)) {
      String id = one.headers.get("X-Waybill-Emitter");
      one.expect(client.preface() + client.open(one, first));
      other.expect(client.preface() + client.open(other, first));

      assertThat(
              client.post(
                  "/api/emitters/" + id + "/events",
                  "{\"event\":\"hint\",\"data\":\"x\\ny\",\"text\":true,\"retry\":500}"))
          .isEqualTo(200);
      String second = client.publish(a, "{\"data\":2}");

      one.expect("event: hint\nretry: 500\ndata: x\ndata: y\n\n");
      one.expect("id: " + second + "\ndata: 2\n\n");
      other.expect("id: " + second + "\ndata: 2\n\n");
      assertThat(client.json("/api/emitters/" + id).get("lastEventId").asString())
          .isEqualTo(second);
      assertThat(client.post("/api/emitters/" + id + "/events", "{\"data\":1,\"messageId\":\"m\"}"))
          .isEqualTo(400);
      assertThat(
              client.post(
                  "/api/emitters/" + id + "/events", "{\"data\":1,\"event\":\"waybill.open\"}"))
          .isEqualTo(422);
    }
  }

  @Test
  @Shows("emitters.unknown")
  void anEmitterThatIsGoneIsUnknown() throws Exception {
    String id;
    try (RawStream stream = client.watch(a)) {
      id = stream.headers.get("X-Waybill-Emitter");
      stream.block();
    }
    for (String gone : List.of(id, UUID.randomUUID().toString(), "x", "%F0%9F%92%A9")) {
      String path = "/api/emitters/" + gone;
      await()
          .until(
              () -> {
                client.publish(a, "{\"data\":1}"); // only writes show that the client has left
                return client.get(path).statusCode() == 404;
              });
      assertThat(client.get(path).body()).contains("urn:waybill:problem:emitter-unknown");
      assertThat(client.post(path + "/events", "{\"data\":1}")).isEqualTo(404);
      assertThat(client.delete(path)).isEqualTo(404);
    }
  }

  @Test
  @Shows("emitters.close")
  void aClosedConnectionEndsForGood() throws Exception {
    try (RawStream stream = client.watch(a)) {
      stream.expect(client.preface() + client.open(stream, "0-0"));

      assertThat(client.delete("/api/emitters/" + stream.headers.get("X-Waybill-Emitter")))
          .isEqualTo(202);

      stream.expect("id: closed\nevent: waybill.closed\ndata: {}\n\n");
      stream.expectEnd();
    }
    for (String path :
        List.of(
            "/api/streams/" + a + "/events",
            "/api/events?stream=" + a + "&stream=" + b,
            "/api/jobs/0123/events")) {
      assertThat(client.get(path, "Last-Event-ID", "closed").statusCode()).isEqualTo(204);
      String join = path.contains("?") ? "&" : "?";
      assertThat(client.get(path + join + "lastEventId=closed").statusCode()).isEqualTo(204);
    }
  }

  @Test
  @Shows({"several.events", "several.resume"})
  void severalStreamsShareOneConnectionAndOneCursor() throws Exception {
    String a1 = client.publish(a, "{\"data\":1}");
    String joined;
    try (RawStream stream = client.watchSeveral("", a, b)) {
      stream.expect(client.preface() + client.open(stream, a1 + "_0-0"));

      String b1 = client.publish(b, "{\"event\":\"order\",\"data\":{\"total\":12.90}}");
      stream.expect(
          "id: %s_%s\nevent: order\ndata: {\"stream\":\"%s\",\"data\":{\"total\":12.90}}\n\n"
              .formatted(a1, b1, b));
      String a2 = client.publish(a, "{\"data\":\"x\\ny\",\"text\":true,\"messageId\":\"m\"}");
      stream.expect(
          "id: %s_%s\ndata: {\"stream\":\"%s\",\"data\":\"x\\ny\"}\n\n".formatted(a2, b1, a));
      joined = a2 + "_" + b1;
      JsonNode emitter = client.json("/api/emitters/" + stream.headers.get("X-Waybill-Emitter"));
      assertThat(emitter.get("streams")).hasSize(2);
      assertThat(emitter.get("lastEventId").asString()).isEqualTo(joined);
    }
    String a3 = client.publish(a, "{\"data\":3}");
    String b2 = client.publish(b, "{\"data\":4}");
    String bEnd = joined.split("_")[1];
    try (RawStream stream = client.watchSeveral("&lastEventId=" + joined, a, b)) {
      stream.expect(client.preface() + client.open(stream, joined));
      stream.expect("id: %s_%s\ndata: {\"stream\":\"%s\",\"data\":3}\n\n".formatted(a3, bEnd, a));
      stream.expect("id: %s_%s\ndata: {\"stream\":\"%s\",\"data\":4}\n\n".formatted(a3, b2, b));
    }
  }

  /** The ID of a connection that an operator closed is not the position of one stream. */
  @ParameterizedTest
  @ValueSource(strings = {"", "_closed"})
  @Shows("several.gap")
  void aCursorOfAnotherSetOfStreamsIsAnsweredByAGapOfEach(String more) throws Exception {
    String a1 = client.publish(a, "{\"data\":1}");
    String sent = a1 + more;
    String before = a1.replace("-1", "-0");
    try (RawStream stream = client.watchSeveral("&lastEventId=" + sent, a, b)) {
      stream.expect(client.preface() + client.open(stream, "0-0_0-0"));
      stream.expect(
          "id: %s_0-0\nevent: waybill.gap\ndata: {\"stream\":\"%s\",\"data\":{\"after\":\"%s\",\"resumesAt\":\"%s\"}}\n\n"
              .formatted(before, a, sent, a1));
      stream.expect("id: %s_0-0\ndata: {\"stream\":\"%s\",\"data\":1}\n\n".formatted(a1, a));
      stream.expect(
          "id: %s_0-0\nevent: waybill.gap\ndata: {\"stream\":\"%s\",\"data\":{\"after\":\"%s\",\"resumesAt\":null}}\n\n"
              .formatted(a1, b, sent));
    }
  }

  @Test
  @Shows("several.end")
  void aStreamThatEndsLeavesTheOthersOpenAndAllEndedIsTheEnd() throws Exception {
    String job = client.finishedJob();
    String a1 = client.publish(a, "{\"data\":1}");
    String cursor;
    try (RawStream stream = client.watchSeveral("", a, "job:" + job)) {
      stream.expect(client.preface() + client.open(stream, a1 + "_-"));
      String snapshot = stream.block();
      assertThat(snapshot)
          .startsWith("id: " + a1 + "_1-")
          .contains("\nevent: snapshot\ndata: {\"stream\":\"job:" + job + "\",\"data\":{");
      String complete = stream.block();
      String jobEnd = complete.substring("id: ".length(), complete.indexOf('\n')).split("_")[1];
      assertThat(complete).contains("\nevent: complete\n");

      String a2 = client.publish(a, "{\"data\":2}");
      stream.expect("id: %s_%s\ndata: {\"stream\":\"%s\",\"data\":2}\n\n".formatted(a2, jobEnd, a));
      client.delete("/api/streams/" + a);
      String closing = a2.replace("-2", "-3");
      cursor = closing + "_" + jobEnd;
      stream.expect(
          "id: %s\nevent: waybill.closed\ndata: {\"stream\":\"%s\",\"data\":{}}\n\n"
              .formatted(cursor, a));
      stream.expectEnd();
    }
    try (RawStream ended = client.watchSeveral("&lastEventId=" + cursor, a, "job:" + job)) {
      assertThat(ended.status).isEqualTo(204);
    }
    String reopened = client.publish(a, "{\"data\":3}");
    try (RawStream stream = client.watchSeveral("&lastEventId=" + cursor, a, "job:" + job)) {
      stream.expect(client.preface() + client.open(stream, cursor));
      assertThat(stream.block()).startsWith("id: " + reopened + "_" + cursor.split("_")[1]);
    }
  }

  @Test
  @Shows("several.reopened")
  void aStreamThatIsOpenedAgainGoesOnBesideTheOthers() throws Exception {
    String a1 = client.publish(a, "{\"data\":1}");
    try (RawStream stream = client.watchSeveral("", a, b)) {
      stream.expect(client.preface() + client.open(stream, a1 + "_0-0"));
      client.delete("/api/streams/" + a);
      assertThat(stream.block()).contains("event: waybill.closed");

      String reopened = client.publish(a, "{\"data\":2}");

      stream.expect("id: %s_0-0\ndata: {\"stream\":\"%s\",\"data\":2}\n\n".formatted(reopened, a));
    }
  }

  @Test
  @Shows("several.refused")
  void oneBadNameRefusesTheCall() throws Exception {
    String path = "/api/events?stream=" + a;
    assertThat(client.get("/api/events").statusCode()).isEqualTo(400);
    assertThat(client.get(path + "&stream=" + a).statusCode()).isEqualTo(400);
    assertThat(client.get(path + "&stream=a,b").statusCode()).isEqualTo(400);
    assertThat(client.get(path + "&stream=waybill-x").statusCode()).isEqualTo(404);
    assertThat(client.get(path + "&stream=job:0123").statusCode()).isEqualTo(404);
    StringBuilder many = new StringBuilder(path);
    for (int i = 0; i < 20; i++) {
      many.append("&stream=s").append(i);
    }
    assertThat(client.get(many.toString()).statusCode()).isEqualTo(400);
  }

  @Test
  @Shows("emitters.open-of-a-job")
  void aJobWatchedByItsNameNamesItsEmitterFirst() throws Exception {
    String job = client.finishedJob();
    try (RawStream stream = client.watch("job:" + job)) {
      stream.expect(client.preface() + client.open(stream, "0-0"));
      assertThat(stream.block()).contains("event: snapshot");
    }
  }
}
