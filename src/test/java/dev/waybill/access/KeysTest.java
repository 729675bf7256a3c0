package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;

class KeysTest extends AccessTestBase {

  @Autowired private MakeKey makeKey;
  @Autowired private WatchTokens watchTokens;
  @Autowired private AuditLog audit;
  @Autowired private PlatformTransactionManager transactions;

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

  @Test
  @Shows("access.key.fresh")
  void aKeyThatAnotherPodHasJustMadeCountsAtOnceAndItsTokensToo() throws Exception {
    MakeKey.Wish wish =
        new MakeKey.Wish(
            "other pod", List.of("upload", "watch"), List.of("user-42-*"), List.of(), null);
    // Stored in the database only, as if another pod made it: this server does not know it yet.
    MakeKey.Made byKey = makeKey.make(wish, "test");
    MakeKey.Made byToken = makeKey.make(wish, "test");

    assertThat(get("/api/jobs", byKey.text()).statusCode()).isEqualTo(200);
    String token =
        watchTokens.make(
            new WatchTokens.WatchToken(
                Instant.now().plusSeconds(60),
                "key:" + byToken.key().id(),
                Set.of("user-42-orders")));
    assertThat(
            call("HEAD", "/api/streams/user-42-orders/events?access_token=" + token, "", "")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void guessedKeysAskTheDatabaseSeldomAndKeepNobodyElseOut() {
    AtomicLong nanos = new AtomicLong(1);
    UnknownKeys unknown = new UnknownKeys(nanos::get);
    Caller guesser = Caller.ofAddress("192.0.2.7");

    assertThat(unknown.mayAsk("one", guesser)).isTrue();
    unknown.remember("one");
    assertThat(unknown.mayAsk("one", Caller.ofAddress("192.0.2.8"))).isFalse();
    long asked =
        IntStream.range(0, 10_000).filter(i -> unknown.mayAsk("guess" + i, guesser)).count();
    assertThat(asked).isEqualTo(UnknownKeys.MOST_OF_AN_ADDRESS - 1);
    assertThat(unknown.mayAsk("fresh", Caller.ofAddress("192.0.2.9"))).isTrue();
    asked =
        IntStream.range(0, 10_000)
            .filter(
                i -> unknown.mayAsk("many" + i, Caller.ofAddress("10.0.%d.1".formatted(i % 250))))
            .count();
    assertThat(asked).isLessThan(UnknownKeys.MOST);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertThat(unknown.mayAsk("one", guesser)).isTrue();
  }

  @Test
  void aKeyWhoseAnswerNeedsTheDatabaseNoMoreIsNotLost() throws Exception {
    KeyStore away =
        new KeyStore(database, database, transactions) {
          @Override
          List<ApiKey> all() {
            throw new DataAccessResourceFailureException("away");
          }
        };
    KnownKeys keys = new KnownKeys(away, Clock.systemUTC());
    KeyController controller =
        new KeyController(
            new MakeKey(away, Clock.systemUTC()), away, keys, audit, json, Clock.systemUTC());
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/keys");
    request.setContent("{\"name\":\"x\",\"scopes\":[\"upload\"]}".getBytes(UTF_8));

    KeyController.KeyView made = controller.make(request).getBody();

    assertThat(made.key()).startsWith("wbk_");
    assertThat(keys.active(made.id())).isPresent();
    controller.revoke(made.id(), request);
    assertThat(keys.active(made.id())).isEmpty();
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
