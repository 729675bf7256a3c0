package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPauseTest {

  /**
   * An attempt that committed chunks before it failed does not count as a failure. The pause after
   * it is the shortest one.
   */
  @ParameterizedTest
  @CsvSource({"0,2", "1,2", "2,10", "3,60", "7,60"})
  void thePauseGrowsWithTheFailures(int failures, long seconds) {
    assertThat(RetryPause.after(failures)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
