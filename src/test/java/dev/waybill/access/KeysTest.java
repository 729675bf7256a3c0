package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class KeysTest extends AccessTestBase {

  @Test
  @Shows("access.key")
  void aKeyIsShownOnceAndStoredAsAHash() throws Exception {
    JsonNode made = made("\"scopes\":[\"watch\",\"upload\"],\"watch\":[\"user-42-*\"]");

    String key = made.get("key").asString();
    assertThat(key).matches("wbk_[0-9a-f]{40}");
    String list = get("/api/keys", BOOTSTRAP).body();
    assertThat(list).contains(made.get("id").asString()).doesNotContain(key);
    assertThat(list).doesNotContain("\"key\"");
    assertThat(database.sql("SELECT hash FROM access_key").query(String.class).list())
        .contains(KeyText.hash(key))
        .noneMatch(hash -> hash.contains(key));
    assertThat(get("/api/jobs", key).statusCode()).isEqualTo(200);
  }

  @Test
  @Shows("access.key.revoke")
  void aRevokedKeyCountsNoMore() throws Exception {
    JsonNode made = made("\"scopes\":[\"upload\"]");
    String key = made.get("key").asString();
    assertThat(get("/api/jobs", key).statusCode()).isEqualTo(200);

    assertThat(call("DELETE", "/api/keys/" + made.get("id").asString(), BOOTSTRAP, "").statusCode())
        .isEqualTo(204);

    HttpResponse<String> refused = get("/api/jobs", key);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer ");
    assertThat(problem(refused)).isEqualTo("unauthenticated");
    assertThat(problem(call("DELETE", "/api/keys/" + made.get("id").asString(), BOOTSTRAP, "")))
        .isEqualTo("key-unknown");
  }

  @Test
  void aKeyMayComeInItsOwnHeaderButNotTwiceAndNotInTheQuery() throws Exception {
    String key = key("\"scopes\":[\"upload\"]");

    assertThat(send(to("/api/jobs").header("X-Api-Key", key)).statusCode()).isEqualTo(200);
    assertThat(
            send(to("/api/jobs").header("X-Api-Key", key).header("Authorization", "Bearer " + key))
                .statusCode())
        .isEqualTo(401);
    assertThat(get("/api/jobs?access_token=" + key, "").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "nonsense",
        "{\"name\":\"x\"}",
        "{\"name\":\"x\",\"scopes\":[]}",
        "{\"name\":\"x\",\"scopes\":[\"root\"]}",
        "{\"name\":\"x\",\"scopes\":\"upload\"}",
        "{\"name\":\"\",\"scopes\":[\"upload\"]}",
        "{\"name\":\"a\\nb\",\"scopes\":[\"upload\"]}",
        "{\"name\":\"x\",\"scopes\":[\"watch\"],\"watch\":[\"*\"]}",
        "{\"name\":\"x\",\"scopes\":[\"watch\"],\"watch\":[\"us*er\"]}",
        "{\"name\":\"x\",\"scopes\":[\"watch\"],\"watch\":[\"user*\"]}",
        "{\"name\":\"x\",\"scopes\":[\"upload\"],\"expiresAt\":\"2001-01-01T00:00:00Z\"}",
        "{\"name\":\"x\",\"scopes\":[\"upload\"],\"expiresAt\":\"soon\"}",
        "{\"name\":\"x\",\"scopes\":[\"upload\"],\"admin\":true}"
      })
  void aKeyThatMakesNoSenseIsRefused(String body) throws Exception {
    HttpResponse<String> answer = call("POST", "/api/keys", BOOTSTRAP, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(problem(answer)).isEqualTo("parameter");
  }

  @Test
  void aMistypedKeyIsRefusedByItsChecksum() {
    String key = KeyText.random();

    assertThat(KeyText.isWhole(key)).isTrue();
    assertThat(KeyText.isWhole(key.substring(0, 10) + "0" + key.substring(11) + "0")).isFalse();
    char other = key.charAt(10) == 'a' ? 'b' : 'a';
    assertThat(KeyText.isWhole(key.substring(0, 10) + other + key.substring(11))).isFalse();
  }

  @Test
  void aRevokedKeyStaysAsARowSoThatAccessStaysOn() throws Exception {
    JsonNode made = made("\"scopes\":[\"upload\"]");
    call("DELETE", "/api/keys/" + made.get("id").asString(), BOOTSTRAP, "");

    assertThat(
            database
                .sql("SELECT COUNT(*) FROM access_key WHERE revoked_at IS NOT NULL")
                .query(Integer.class)
                .single())
        .isPositive();
  }
}
