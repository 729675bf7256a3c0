package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.event.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SealTest {

  private static final String SECRET = "a secret of at least thirty-two characters";

  private final byte[] body = bytes("{\"events\":1}");
  private Instant now = Instant.parse("2026-11-21T09:30:00Z");
  private final Seal seal = new Seal(SECRET, () -> now);
  private final SealCheck check = new SealCheck(seal, new Pod("pod-b"), () -> now);

  @Test
  void takesWhatAnotherPodSealedForThisOne() {
    assertThat(takes(seal.on("pod-b", body), body)).isTrue();
  }

  @Test
  void sealsTheSameBodyAnewEachTime() {
    assertThat(seal.on("pod-b", body)).isNotEqualTo(seal.on("pod-b", body));
    assertThat(takes(seal.on("pod-b", body), body)).isTrue();
    assertThat(takes(seal.on("pod-b", body), body)).isTrue();
  }

  @Test
  void refusesWithoutOrWithAnotherSecretsSeal() {
    assertThat(takes(Map.of(), body)).isFalse();
    Seal forged = new Seal(SECRET.toUpperCase(), () -> now);
    assertThat(takes(forged.on("pod-b", body), body)).isFalse();
  }

  @Test
  void refusesAnotherBodyTimeOrNonceUnderTheSameSeal() {
    assertThat(takes(seal.on("pod-b", body), bytes("{\"events\":2}"))).isFalse();
    assertThat(takes(with(Seal.NONCE, "0".repeat(32)), body)).isFalse();
    assertThat(takes(with(Seal.TIME, Long.toString(now.toEpochMilli() + 1)), body)).isFalse();
    assertThat(takes(with(Seal.SIGNATURE, "0".repeat(64)), body)).isFalse();
    assertThat(takes(with(Seal.SIGNATURE, "short"), body)).isFalse();
  }

  @Test
  void refusesWhatIsMeantForAnotherPod() {
    assertThat(takes(seal.on("pod-c", body), body)).isFalse();
  }

  @Test
  void refusesWhatIsTooOldOrFromTheFuture() {
    Map<String, String> sealed = seal.on("pod-b", body);
    now = now.plus(SealCheck.WINDOW).plusMillis(1);
    assertThat(takes(sealed, body)).isFalse();
    Map<String, String> early = seal.on("pod-b", body);
    now = now.minus(SealCheck.WINDOW).minusMillis(1);
    assertThat(takes(early, body)).isFalse();
  }

  @Test
  void refusesARepetitionForAsLongAsItsTimeIsBelieved() {
    now = now.plus(SealCheck.WINDOW);
    Map<String, String> sealed = seal.on("pod-b", body);
    now = now.minus(SealCheck.WINDOW);
    assertThat(takes(sealed, body)).isTrue();
    for (int seconds = 0; seconds <= 60; seconds += 5) {
      assertThat(takes(sealed, body)).as("after %d s", seconds).isFalse();
      assertThat(takes(seal.on("pod-b", body), body)).isTrue();
      now = now.plus(Duration.ofSeconds(5));
    }
  }

  private Map<String, String> with(String header, String value) {
    Map<String, String> headers = new HashMap<>(seal.on("pod-b", body));
    headers.put(header, value);
    return headers;
  }

  private boolean takes(Map<String, String> headers, byte[] received) {
    Optional<SealCheck.Claimed> claimed =
        check.claimed(
            headers.get(Seal.TIME),
            headers.get(Seal.NONCE),
            headers.get(Seal.TARGET),
            headers.get(Seal.HEAD_SIGNATURE),
            headers.get(Seal.SIGNATURE),
            received.length);
    return claimed.isPresent() && check.proves(claimed.get(), received);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
