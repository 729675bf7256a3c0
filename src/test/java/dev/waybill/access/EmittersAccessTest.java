package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which callers may list, close and send to a single connection. */
class EmittersAccessTest extends AccessTestBase {

  @Test
  @Shows("emitters.publish")
  void aPublisherAddressesWhatWatchesItsStreamsOnly() throws Exception {
    String publisher = key("\"scopes\":[\"publish\"],\"publish\":[\"user-42-*\"]");
    HttpResponse<InputStream> one = watch("/api/streams/user-42-a/events");
    HttpResponse<InputStream> both = watch("/api/events?stream=user-42-a&stream=user-43-b");
    try (InputStream _ = one.body();
        InputStream _ = both.body()) {
      String mine = path(one);
      String mixed = path(both);
      await().until(() -> call("GET", mine, publisher, "").statusCode() == 200);

      assertThat(call("POST", mine + "/events", publisher, "{\"data\":1}").statusCode())
          .isEqualTo(200);
      JsonNode page =
          json.readTree(call("GET", "/api/emitters?stream=user-42-a", publisher, "").body());
      assertThat(page.get("items")).hasSize(1);
      assertThat(mine).endsWith(page.get("items").get(0).get("emitterId").asString());

      assertThat(call("GET", mixed, BOOTSTRAP, "").statusCode()).isEqualTo(200);
      assertThat(call("GET", mixed, publisher, "").body()).contains("emitter-unknown");
      assertThat(call("GET", mixed, publisher, "").statusCode()).isEqualTo(404);
      assertThat(call("POST", mixed + "/events", publisher, "{\"data\":1}").statusCode())
          .isEqualTo(404);
      assertThat(call("DELETE", mixed, publisher, "").statusCode()).isEqualTo(404);
      assertThat(call("GET", "/api/emitters", publisher, "").statusCode()).isEqualTo(403);
      assertThat(call("GET", "/api/emitters?stream=user-43-b", publisher, "").statusCode())
          .isEqualTo(403);
      assertThat(
              call("GET", "/api/emitters?stream=user-42-a&stream=user-43-b", publisher, "")
                  .statusCode())
          .isEqualTo(403);

      assertThat(call("DELETE", mine, publisher, "").statusCode()).isEqualTo(202);
      assertThat(new String(one.body().readAllBytes(), UTF_8))
          .contains("data: 1", "waybill.closed");
    }
  }

  private static String path(HttpResponse<?> stream) {
    return "/api/emitters/" + stream.headers().firstValue("X-Waybill-Emitter").orElseThrow();
  }

  private HttpResponse<InputStream> watch(String path) throws Exception {
    return http.send(
        to(path).header("Authorization", "Bearer " + BOOTSTRAP).build(),
        BodyHandlers.ofInputStream());
  }
}
