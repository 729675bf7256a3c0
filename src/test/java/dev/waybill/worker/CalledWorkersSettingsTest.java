package dev.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.worker.CalledWorkers.CalledWorker;
import dev.waybill.worker.CalledWorkers.Mode;
import dev.waybill.worker.CalledWorkers.OnLoss;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** The settings of workers that Waybill calls are checked at the start. */
class CalledWorkersSettingsTest {

  private static CalledWorker worker(
      String url, Map<String, String> headers, @Nullable String pick) {
    return new CalledWorker(
        URI.create(url),
        Mode.STREAM,
        headers,
        Duration.ofSeconds(30),
        5,
        Duration.ofSeconds(1),
        pick,
        OnLoss.ERROR,
        Duration.ofHours(1),
        DataSize.ofMegabytes(64));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x/", "/x", "x", "http://user:secret@x/", "http:x"})
  void theUrlIsHttpWithoutAUserName(String url) {
    assertThatThrownBy(() -> worker(url, Map.of(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({"Host,x", "content-length,1", "X-Waybill-Job,1", "'a b',x", "'',x", "a:,x"})
  void aHeaderThatWaybillSetsItselfIsRefused(String name, String value) {
    assertThatThrownBy(() -> worker("http://x/", Map.of(name, value), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Injected: 1", "a\nb", "a\0b", "ü"})
  void aHeaderCannotInjectAnother(String value) {
    assertThatThrownBy(() -> worker("http://x/", Map.of("X-Key", value), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("Injected");
  }

  @Test
  void thePointerIsAJsonPointer() {
    assertThatThrownBy(() -> worker("http://x/", Map.of(), "choices"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv-import", "Upper", "1x", ""})
  void aKindIsOneThatJobsCanHave(String kind) {
    CalledWorker worker = worker("http://x/", Map.of(), null);

    assertThatThrownBy(() -> new CalledWorkers(Map.of(kind, worker)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachPauseIsFourTimesAsLongUpToAnHour() {
    CalledWorker worker = worker("http://x/", Map.of(), null);

    assertThat(worker.pauseAfter(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(worker.pauseAfter(3)).isEqualTo(Duration.ofSeconds(16));
    assertThat(worker.pauseAfter(19)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void itsTextShowsNoCredential() {
    assertThat(worker("http://x/", Map.of("Authorization", "Bearer secret"), null).toString())
        .doesNotContain("secret");
  }
}
