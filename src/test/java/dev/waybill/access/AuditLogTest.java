package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.waybill.job.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The limits on the lines for refused credentials. */
class AuditLogTest {

  private final Logger audit = (Logger) LoggerFactory.getLogger("waybill.audit");
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final JsonMapper json = JsonMapper.shared();
  private final SettableClock clock = new SettableClock();
  private final AuditLog log = new AuditLog(json, clock);

  @BeforeEach
  void listen() {
    appender.start();
    audit.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    audit.detachAppender(appender);
  }

  @Test
  void anAddressThatIsRefusedOftenDoesNotHideTheRefusalsOfOthers() {
    refuse("192.0.2.1", 500);
    refuse("192.0.2.2", 3);

    assertThat(lines()).filteredOn(line -> isOf(line, "192.0.2.1")).hasSize(10);
    assertThat(lines()).filteredOn(line -> isOf(line, "192.0.2.2")).hasSize(3);
  }

  @Test
  void everyLineThatIsLeftOutIsCountedInTheNextMinute() {
    for (int i = 0; i < 25; i++) {
      refuse("192.0.2." + i, 12);
    }
    assertThat(lines()).hasSize(200);

    clock.pass(Duration.ofMinutes(1));
    refuse("192.0.2.1", 1);
    clock.pass(Duration.ofMinutes(1));
    refuse("192.0.2.1", 1);

    assertThat(lines()).hasSize(203);
    assertThat(lines().get(200).toString()).contains("\"refused-more\"", "\"count\":100");
  }

  private void refuse(String address, int times) {
    for (int i = 0; i < times; i++) {
      MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/jobs");
      request.setRemoteAddr(address);
      log.refused(request, Access.nobody(request), "INVALID");
    }
  }

  private static boolean isOf(JsonNode line, String address) {
    return line.get("address").asString().equals(address);
  }

  private List<JsonNode> lines() {
    return appender.list.stream().map(event -> json.readTree(event.getFormattedMessage())).toList();
  }
}
