package dev.waybill.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageLogTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private long nanos = Long.MAX_VALUE - 1_000_000_000L; // wraps around within the test
  private final OutageLog outages = new OutageLog(() -> nanos);

  @BeforeEach
  void listen() {
    appender.start();
    logger.addAppender(appender);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
  }

  @Test
  void theFirstFailureOfSomethingOutsideIsLoggedAtOnceInOneLine() {
    outages.report(
        "storage",
        "The database failed during GET /api/jobs",
        new IllegalStateException("no data", new IOException("reset")));

    assertThat(lines())
        .containsExactly(
            "storage: The database failed during GET /api/jobs (java.io.IOException: reset)");
    assertThat(appender.list.getFirst().getThrowableProxy()).isNull();
  }

  @Test
  void theFirstMistakeOfTheCodeIsLoggedWithItsStackTrace() {
    outages.report("unexpected", "GET /api/jobs failed", new IllegalStateException("a mistake"));

    assertThat(lines()).containsExactly("unexpected: GET /api/jobs failed");
    assertThat(appender.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("a mistake");
  }

  @Test
  void anOutageOfTwoMinutesIsFourLines() {
    for (int i = 0; i < 1200; i++) {
      outages.report("storage", "failure " + i, new IOException("reset"));
      pass(Duration.ofMillis(100));
    }
    pass(Duration.ofSeconds(70));
    outages.summarise();
    outages.summarise();

    assertThat(lines())
        .containsExactly(
            "storage: failure 0 (java.io.IOException: reset)",
            "storage: 599 more in the last 60 s, the last one: failure 599 (java.io.IOException:"
                + " reset)",
            "storage: 600 more in the last 130 s, the last one: failure 1199 (java.io.IOException:"
                + " reset)",
            "storage: over, 1200 failures in 119 s; none in the last 70 s");
    assertThat(appender.list.subList(1, 4)).allMatch(line -> line.getThrowableProxy() == null);
  }

  @Test
  void aFailureAfterAMinuteOfQuietIsLoggedAgainWithItsCause() {
    outages.report("storage", "first", null);
    pass(Duration.ofSeconds(61));
    outages.report("storage", "second", new IOException("reset"));

    assertThat(lines())
        .containsExactly("storage: first", "storage: second (java.io.IOException: reset)");
  }

  @Test
  void kindsDoNotHideEachOther() {
    outages.report("storage", "one", null);
    outages.report("redis", "two", null);
    outages.report("storage", "three", null);

    assertThat(lines()).containsExactly("storage: one", "redis: two");
  }

  @Test
  void whatAClientSentCannotForgeALineOrFillTheLog() {
    outages.report("request", "odd\r\n2026-01-01 ERROR forged\u001b[2J", null);
    outages.report("long", "x".repeat(100_000), null);
    for (int i = 0; i < 10_000; i++) {
      outages.report("kind " + i, "one of too many kinds", null);
    }

    assertThat(lines().getFirst()).isEqualTo("request: odd??2026-01-01 ERROR forged?[2J");
    assertThat(lines()).hasSize(OutageLog.MAX_KINDS + 1).allMatch(line -> line.length() < 520);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private List<String> lines() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
