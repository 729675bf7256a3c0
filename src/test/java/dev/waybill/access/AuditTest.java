package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.waybill.contract.Shows;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Uses a separate server: refused credentials are logged only a few times a minute. */
@TestPropertySource(properties = "spring.application.name=audited")
class AuditTest extends AccessTestBase {

  private final Logger all = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  @BeforeEach
  void listen() {
    appender.start();
    all.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    all.detachAppender(appender);
  }

  @Test
  @Shows("access.audit")
  void keysAdminCallsAndRefusalsLeaveALineWithoutSecrets() throws Exception {
    JsonNode made = made("\"scopes\":[\"upload\"]");
    String key = made.get("key").asString();
    String guessed = KeyText.random();
    String token =
        watchToken(key("\"scopes\":[\"watch\"],\"watch\":[\"user-42-*\"]"), "user-42-orders");
    for (String path : List.of("/api/streams/user-43-x", "/nothing", "/api/%00", "/api/jobs/x")) {
      assertThat(get(path + "?access_token=" + token, "").body()).doesNotContain(token);
    }
    get("/api/keys", BOOTSTRAP);
    get("/api/keys", key);
    for (int i = 0; i < 50; i++) {
      get("/api/jobs/some-secret-id", guessed);
    }
    call("DELETE", "/api/keys/" + made.get("id").asString(), BOOTSTRAP, "");

    List<JsonNode> lines = lines();
    assertThat(lines)
        .extracting(line -> line.get("event").asString())
        .contains("key-made", "admin", "refused", "key-revoked");
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line.propertyNames())
                    .contains("time", "principal", "address", "call", "outcome"));
    assertThat(lines)
        .filteredOn(line -> line.get("event").asString().equals("refused"))
        .hasSizeLessThanOrEqualTo(10)
        .anySatisfy(
            line -> assertThat(line.get("call").asString()).isEqualTo("GET /api/jobs/{id}"));
    assertThat(appender.list)
        .allSatisfy(
            event ->
                assertThat(event.getFormattedMessage())
                    .doesNotContain(key, guessed, token, BOOTSTRAP, "some-secret-id"));
  }

  private List<JsonNode> lines() {
    return appender.list.stream()
        .filter(event -> event.getLoggerName().equals("waybill.audit"))
        .map(event -> json.readTree(event.getFormattedMessage()))
        .toList();
  }
}
