package dev.waybill.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferWaitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wait=5                    | 5
          Wait = 10                 | 10
          wait="7"                  | 7
          respond-async, wait=20    | 20
          wait=20; foo=1            | 20
          wait=3600                 | 60
          wait=0                    | 0
          respond-async             |
          wait                      |
          wait=soon                 |
          await=5                   |
          wait=-1                   |
          """)
  @Shows("call.job.wait-limit")
  void readsTheSecondsToWait(String header, @Nullable Integer seconds) {
    assertThat(PreferWait.parse(header))
        .isEqualTo(seconds == null ? null : java.time.Duration.ofSeconds(seconds));
  }
}
