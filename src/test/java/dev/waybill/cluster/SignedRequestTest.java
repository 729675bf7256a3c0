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

class SignedRequestTest {

  private static final String SECRET = "a secret of at least thirty-two characters";

  private final byte[] body = bytes("{\"events\":1}");
  private Instant now = Instant.parse("2026-11-21T09:30:00Z");
  private final SignRequest signRequest = new SignRequest(SECRET, () -> now);
  private final VerifyRequest check = new VerifyRequest(signRequest, new Pod("pod-b"), () -> now);

  @Test
  void acceptsARequestThatAnotherPodSignedForThisOne() {
    assertThat(accepts(signRequest.headersFor("pod-b", body), body)).isTrue();
  }

  @Test
  void signsTheSameBodyDifferentlyEachTime() {
    assertThat(signRequest.headersFor("pod-b", body))
        .isNotEqualTo(signRequest.headersFor("pod-b", body));
    assertThat(accepts(signRequest.headersFor("pod-b", body), body)).isTrue();
    assertThat(accepts(signRequest.headersFor("pod-b", body), body)).isTrue();
  }

  @Test
  void refusesARequestWithoutASignatureOrWithAnotherSecret() {
    assertThat(accepts(Map.of(), body)).isFalse();
    SignRequest forged = new SignRequest(SECRET.toUpperCase(), () -> now);
    assertThat(accepts(forged.headersFor("pod-b", body), body)).isFalse();
  }

  @Test
  void refusesAnotherBodyTimeOrNonceUnderTheSameSignature() {
    assertThat(accepts(signRequest.headersFor("pod-b", body), bytes("{\"events\":2}"))).isFalse();
    assertThat(accepts(with(SignRequest.NONCE, "0".repeat(32)), body)).isFalse();
    assertThat(accepts(with(SignRequest.TIME, Long.toString(now.toEpochMilli() + 1)), body))
        .isFalse();
    assertThat(accepts(with(SignRequest.SIGNATURE, "0".repeat(64)), body)).isFalse();
    assertThat(accepts(with(SignRequest.SIGNATURE, "short"), body)).isFalse();
  }

  @Test
  void refusesARequestForAnotherPod() {
    assertThat(accepts(signRequest.headersFor("pod-c", body), body)).isFalse();
  }

  @Test
  void refusesARequestThatIsTooOldOrFromTheFuture() {
    Map<String, String> signed = signRequest.headersFor("pod-b", body);
    now = now.plus(VerifyRequest.WINDOW).plusMillis(1);
    assertThat(accepts(signed, body)).isFalse();
    Map<String, String> early = signRequest.headersFor("pod-b", body);
    now = now.minus(VerifyRequest.WINDOW).minusMillis(1);
    assertThat(accepts(early, body)).isFalse();
  }

  @Test
  void refusesARepetitionForAsLongAsItsTimeIsAccepted() {
    now = now.plus(VerifyRequest.WINDOW);
    Map<String, String> signed = signRequest.headersFor("pod-b", body);
    now = now.minus(VerifyRequest.WINDOW);
    assertThat(accepts(signed, body)).isTrue();
    for (int seconds = 0; seconds <= 60; seconds += 5) {
      assertThat(accepts(signed, body)).as("after %d s", seconds).isFalse();
      assertThat(accepts(signRequest.headersFor("pod-b", body), body)).isTrue();
      now = now.plus(Duration.ofSeconds(5));
    }
  }

  private Map<String, String> with(String header, String value) {
    Map<String, String> headers = new HashMap<>(signRequest.headersFor("pod-b", body));
    headers.put(header, value);
    return headers;
  }

  private boolean accepts(Map<String, String> headers, byte[] received) {
    Optional<VerifyRequest.Claimed> claimed =
        check.claimed(
            headers.get(SignRequest.TIME),
            headers.get(SignRequest.NONCE),
            headers.get(SignRequest.TARGET),
            headers.get(SignRequest.HEAD_SIGNATURE),
            headers.get(SignRequest.SIGNATURE),
            received.length);
    return claimed.isPresent() && check.proves(claimed.get(), received);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
