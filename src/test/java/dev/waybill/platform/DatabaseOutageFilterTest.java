package dev.waybill.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.TurboFilterList;
import ch.qos.logback.classic.turbo.TurboFilter;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseOutageFilterTest {

  private static final Logger LIBRARY = LoggerFactory.getLogger("com.example.Library");
  private static final Logger POOL = LoggerFactory.getLogger("com.zaxxer.hikari.pool.PoolBase");

  private final DatabaseOutageFilter filter = new DatabaseOutageFilter(new OutageLog());

  private final TurboFilterList filters =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getTurboFilterList();

  /**
   * The filters of services that other tests in this process have started. They are removed for
   * each test, because they would act before the filter that is tested.
   */
  private final List<TurboFilter> others = List.copyOf(filters);

  @BeforeEach
  void register() {
    filters.clear();
    filter.register();
  }

  @AfterEach
  void unregister() {
    filter.unregister();
    filters.addAll(others);
  }

  private static RuntimeException outage() {
    return new IllegalStateException(
        "cannot poll", new SQLException("Connection refused", "08001", new Exception("refused")));
  }

  @Test
  void anOutageIsOneLinePerLoggerHoweverOftenItIsMet(CapturedOutput output) {
    for (int i = 0; i < 100; i++) {
      LIBRARY.error("Unhandled exception. Will keep running.", outage());
      LIBRARY.warn("Job {} failed in step {}", i, "two", outage());
      LIBRARY.info("Failed to update heartbeat", outage());
      LIBRARY.error("Rollback failed", new SQLException("Connection is closed"));
      POOL.warn("postgres - Failed to validate connection {} ({})", i, "closed");
    }

    assertThat(output.getAll().lines())
        .filteredOn(line -> line.contains("database, "))
        .hasSize(2)
        .anyMatch(line -> line.contains("Will keep running. (Connection refused)"));
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void whatTheDatabaseDidNotCauseIsLoggedAsEver(CapturedOutput output) {
    LIBRARY.error("first", new SQLException("duplicate key", "23505"));
    LIBRARY.error("second", new IllegalStateException("a bug"));
    LIBRARY.info("third: {}", "no exception");
    LIBRARY.error("fourth", new SQLTransientConnectionException("no connection in time"));

    assertThat(output).contains("first", "second", "third", "duplicate key", "a bug");
    assertThat(output.getAll().lines().filter(line -> line.contains("database, "))).hasSize(1);
  }
}
