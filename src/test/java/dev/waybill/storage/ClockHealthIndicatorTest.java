package dev.waybill.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class ClockHealthIndicatorTest {

  private static JdbcClient database;

  @BeforeAll
  static void connect() {
    database =
        JdbcClient.create(
            new DriverManagerDataSource(PostgresServer.newDatabase(), PostgresServer.USER, ""));
  }

  @Test
  void aClockThatAgreesIsHealthy() {
    assertThat(health(Duration.ofMillis(500)).getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void aClockThatIsFastOrSlowSaysSo() {
    Health fast = health(Duration.ofSeconds(10));
    assertThat(fast.getStatus()).isEqualTo(Status.DOWN);
    assertThat((long) fast.getDetails().get("milliseconds ahead")).isBetween(8_000L, 10_000L);

    Health slow = health(Duration.ofSeconds(-10));
    assertThat(slow.getStatus()).isEqualTo(Status.DOWN);
    assertThat((long) slow.getDetails().get("milliseconds ahead")).isBetween(-11_000L, -9_000L);
  }

  /**
   * The arguments are the pod's time before the query, the database's time, and the pod's time
   * after it. Only a difference that no delay can explain counts.
   */
  @ParameterizedTest
  @CsvSource({"100,100,100,0", "100,150,9000,0", "5000,1000,5010,4000", "1000,5000,1010,-3990"})
  void delayIsNoDifference(long before, long theirs, long after, long difference) {
    assertThat(ClockHealthIndicator.leastDifference(before, theirs, after)).isEqualTo(difference);
  }

  private static Health health(Duration offset) {
    return new ClockHealthIndicator(database, Clock.offset(Clock.systemUTC(), offset)).health();
  }
}
