package dev.waybill.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryTimesTest {

  @Test
  void tenAttemptsAreSpreadOverAbout75Hours() {
    RetryTimes times = new RetryTimes(() -> 0.5);

    Duration all =
        IntStream.rangeClosed(1, 9)
            .mapToObj(attempts -> times.after(attempts).orElseThrow())
            .reduce(Duration.ZERO, Duration::plus);

    assertThat(all).isEqualTo(Duration.ofHours(75).plusMinutes(35).plusSeconds(5));
    assertThat(times.after(10)).isEmpty();
  }

  @Test
  void thePausesDifferByATenth() {
    assertThat(new RetryTimes(() -> 0).after(1)).hasValue(Duration.ofMillis(4_500));
    assertThat(new RetryTimes(() -> 1).after(1)).hasValue(Duration.ofMillis(5_500));
  }
}
