package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waybill.contract.Shows;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TokensTest extends AccessTestBase {

  private static final String OWNER =
      "\"scopes\":[\"upload\",\"watch\",\"publish\"],\"watch\":[\"user-42-*\"],\"publish\":[\"user-42-*\"]";

  @Test
  @Shows("access.token")
  void aWatchTokenReadsWhatItNamesAndNothingElse() throws Exception {
    String owner = key(OWNER);
    String job = upload(owner);
    String otherJob = upload(owner);
    String token = watchToken(owner, "job:" + job, "user-42-orders");

    for (String path : List.of("", "/products", "/rejections")) {
      assertThat(status("GET", "/api/jobs/" + job + path + "?access_token=" + token))
          .isEqualTo(200);
      assertThat(status("GET", "/api/jobs/" + otherJob + path + "?access_token=" + token))
          .isEqualTo(404);
    }
    assertThat(status("GET", "/api/jobs/" + job + "/events?access_token=" + token)).isEqualTo(200);
    assertThat(status("GET", "/api/streams/user-42-orders/events?access_token=" + token))
        .isEqualTo(200);
    for (String name :
        List.of(
            "user-42-other", "user-42-orders-2", "user-42-*", "user-42-order", "USER-42-orders")) {
      assertThat(status("GET", "/api/streams/" + name + "/events?access_token=" + token))
          .as(name)
          .isEqualTo(403);
    }
    assertThat(status("DELETE", "/api/jobs/" + job + "?access_token=" + token)).isEqualTo(401);
    assertThat(call("DELETE", "/api/jobs/" + job, token, "").statusCode()).isEqualTo(404);
    assertThat(
            call("POST", "/api/streams/user-42-orders/events", token, "{\"data\":1}").statusCode())
        .isEqualTo(403);
    assertThat(call("POST", "/api/tokens", token, "{\"watch\":[\"job:" + job + "\"]}").statusCode())
        .isEqualTo(403);
    assertThat(call("POST", "/api/session", token, "").statusCode()).isEqualTo(403);
    assertThat(get("/api/jobs", token).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/streams/user-42-orders%2C../events",
        "/api/streams/user-42-orders;x=1/events",
        "/api/streams/user-42-orders%3Bx/events",
        "/api/streams/user-42-orders%20/events",
        "/api/streams/user-43-orders/events",
        "/api/streams/user-42-orders%2Cuser-43-orders/events",
        "/api/streams/%75ser-43-orders/events"
      })
  void noSpellingStretchesAWatchToken(String path) throws Exception {
    String owner = key(OWNER);
    String token = watchToken(owner, "user-42-orders");

    // A path with the parameter ;x=1 still names the stream of the token, so it is allowed.
    int expected = path.contains(";x=1") ? 200 : 403;
    assertThat(status("GET", path + "?access_token=" + token)).isIn(expected, 400, 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"watch\":[]}",
        "{\"watch\":[\"user-42-*\"]}",
        "{\"watch\":[\"user-42-a\"],\"ttl\":\"25h\"}",
        "{\"watch\":[\"user-42-a\"],\"ttl\":\"0s\"}",
        "{\"watch\":[\"user-42-a\"],\"ttl\":\"soon\"}",
        "{\"watch\":[\"user-42-a+\"]}",
        "{\"watch\":[\"user-42-a\\nuser-43-b\"]}"
      })
  void aTokenThatMakesNoSenseIsRefused(String body) throws Exception {
    assertThat(call("POST", "/api/tokens", key(OWNER), body).statusCode()).isEqualTo(400);
  }

  @Test
  void aTokenThatWouldBeTooLongToBeAcceptedIsNotMade() throws Exception {
    List<String> invented = new ArrayList<>();
    List<String> jobs = new ArrayList<>();
    for (int i = 10; i < 30; i++) {
      invented.add("job:" + "x".repeat(190) + i);
      jobs.add("job:" + UUID.randomUUID());
    }

    HttpResponse<String> answer =
        call("POST", "/api/tokens", BOOTSTRAP, json.writeValueAsString(Map.of("watch", invented)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("too long for one token");
    assertThat(watchToken(BOOTSTRAP, jobs.toArray(String[]::new))).startsWith("wbt_");
  }

  @Test
  void aTokenCarriesNoMoreThanItsMakerMayWatch() throws Exception {
    String owner = key(OWNER);
    String job = upload(key("\"scopes\":[\"upload\"]"));

    for (String name : List.of("user-43-orders", "job:" + job)) {
      assertThat(call("POST", "/api/tokens", owner, "{\"watch\":[\"" + name + "\"]}").statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void aForgedTokenIsRefused() throws Exception {
    String token = watchToken(key(OWNER), "user-42-orders");
    String path = "/api/streams/user-42-orders/events?access_token=";

    int dot = token.indexOf('.');
    char last = token.charAt(dot - 1);
    for (String forged :
        List.of(
            token.substring(0, dot),
            token.substring(0, dot + 1),
            token.substring(0, dot - 1) + (last == 'A' ? 'B' : 'A') + token.substring(dot),
            token + "A",
            "wbt_",
            "wbt_.",
            token.substring(0, 8) + token.substring(12))) {
      assertThat(status("GET", path + forged)).as(forged).isEqualTo(401);
    }
    assertThat(status("GET", path + token + "&access_token=" + token)).isEqualTo(401);
  }

  @Test
  void aTokenCountsThatAnotherPodHasJustSignedWithANewSecret() {
    Clock clock = Clock.systemUTC();
    TokenSecrets here = new TokenSecrets(database, database, clock);
    here.refresh();
    database
        .sql("INSERT INTO access_secret (id, secret, created_at) VALUES (?, ?, ?)")
        .params("0f0f0f0f", "ab".repeat(32), clock.millis())
        .update();
    TokenSecrets otherPod = new TokenSecrets(database, database, clock);
    otherPod.refresh();
    String token =
        new WatchTokens(otherPod, clock)
            .make(
                new WatchTokens.WatchToken(
                    clock.instant().plusSeconds(60), "key:1", Set.of("user-42-orders")));

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> new WatchTokens(here, clock).verify(token).isPresent());
  }

  @Test
  @Shows({"access.expired", "access.token.revoke"})
  void revokingAKeyEndsItsTokensAndTheirOpenStreams() throws Exception {
    JsonNode made = made(OWNER);
    String owner = made.get("key").asString();
    String token = watchToken(owner, "user-42-orders");
    String path = "/api/streams/user-42-orders/events";
    HttpResponse<InputStream> byToken = open(path + "?access_token=" + token, "");
    HttpResponse<InputStream> byKey = open(path, owner);

    call("DELETE", "/api/keys/" + made.get("id").asString(), BOOTSTRAP, "");

    Instant revoked = Instant.now();
    for (HttpResponse<InputStream> stream : List.of(byToken, byKey)) {
      String rest = new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(rest).endsWith("event: waybill.expired\ndata: {}\n\n");
      assertThat(Duration.between(revoked, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(status("GET", path + "?access_token=" + token)).isEqualTo(401);
  }

  @Test
  @Shows("access.jwt")
  void aJwtMayDoWhatItsClaimSays() throws Exception {
    String user =
        jwt(
            "7",
            Duration.ofMinutes(5),
            "waybill",
            Map.of("scopes", List.of("upload", "watch"), "watch", List.of("user-7-*")));
    String sameUser = jwt("7", Duration.ofMinutes(6), "waybill", Map.of());
    String other = jwt("8", Duration.ofMinutes(5), "waybill", Map.of("scopes", List.of("upload")));
    String job = upload(user);

    assertThat(get("/api/jobs/" + job, sameUser).statusCode()).isEqualTo(200);
    assertThat(get("/api/jobs/" + job, other).statusCode()).isEqualTo(404);
    assertThat(get("/api/products?sku=x", user).statusCode()).isEqualTo(403);
    assertThat(
            status(
                "GET", "/api/streams/user-7-a/events?access_token=" + watchToken(user, "user-7-a")))
        .isEqualTo(200);
  }

  @Test
  void aJwtThatIsNotForUsIsRefused() throws Exception {
    Map<String, Object> claim = Map.of("scopes", List.of("admin"));

    assertThat(get("/api/jobs", jwt("7", Duration.ofMinutes(5), "other", claim)).statusCode())
        .isEqualTo(401);
    assertThat(get("/api/jobs", jwt("7", Duration.ofSeconds(-50), "waybill", claim)).statusCode())
        .isEqualTo(200);
    assertThat(get("/api/jobs", jwt("7", Duration.ofSeconds(-70), "waybill", claim)).statusCode())
        .isEqualTo(401);
    String[] parts = jwt("7", Duration.ofMinutes(5), "waybill", claim).split("\\.");
    String none =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    for (String forged :
        List.of(
            none + "." + parts[1] + ".",
            none + "." + parts[1] + "." + parts[2],
            parts[0] + "." + parts[1] + ".")) {
      assertThat(get("/api/jobs", forged).statusCode()).as(forged).isEqualTo(401);
    }
  }

  @Test
  void aStreamEndsWithItsJwt() throws Exception {
    // Clocks may differ by 60 s, so this token is valid for 2 s more.
    String user =
        jwt(
            "7",
            Duration.ofSeconds(-58),
            "waybill",
            Map.of("scopes", List.of("watch"), "watch", List.of("user-7-*")));
    HttpResponse<InputStream> stream = open("/api/streams/user-7-a/events", user);
    assertThat(stream.statusCode()).isEqualTo(200);

    assertThat(new String(stream.body().readAllBytes(), StandardCharsets.UTF_8))
        .endsWith("event: waybill.expired\ndata: {}\n\n");
  }

  @Test
  void noCredentialShowsInMetricsOrRefusals() throws Exception {
    String token = watchToken(key(OWNER), "user-42-orders");
    HttpResponse<String> refused = get("/api/streams/user-43-x?access_token=" + token, "");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).doesNotContain(token);
    String path = "/nothing?access_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    assertThat(get(path, "").body()).doesNotContain(token);
    await()
        .untilAsserted(
            () ->
                assertThat(get("/actuator/prometheus", "").body())
                    .contains("waybill_access_refused_total{reason=\"scope\"}")
                    .doesNotContain(token.substring(4, 40)));
    assertThat(refused.headers().firstValue("Referrer-Policy")).contains("no-referrer");
  }

  private String jwt(String subject, Duration life, String audience, Map<String, Object> claim)
      throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(subject)
                .audience(audience)
                .expirationTime(Date.from(Instant.now().plus(life)))
                .claim("waybill", claim)
                .build());
    token.sign(new MACSigner(JWT_SECRET.getBytes(StandardCharsets.UTF_8)));
    return token.serialize();
  }

  private HttpResponse<InputStream> open(String path, String credential) throws Exception {
    var request = to(path);
    if (!credential.isEmpty()) {
      request.header("Authorization", "Bearer " + credential);
    }
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  private int status(String method, String path) throws Exception {
    var answer =
        http.send(
            to(path).method(method, java.net.http.HttpRequest.BodyPublishers.noBody()).build(),
            BodyHandlers.ofInputStream());
    answer.body().close();
    return answer.statusCode();
  }
}
