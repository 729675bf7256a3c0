package dev.waybill.cluster;

import dev.waybill.event.Pod;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import lombok.Locked;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that are forged, late, repeated or addressed to another pod. Checks the
 * signature of the headers before the body is read, and then the signature of the body. A stranger
 * cannot sign headers, so a stranger cannot make this pod read and hash megabytes of data.
 * Thread-safe.
 */
final class VerifyRequest {

  /** The maximum difference between the sender's clock and this pod's clock, in both directions. */
  static final Duration WINDOW = Duration.ofSeconds(30);

  /**
   * The maximum number of requests that are accepted in a minute, which is more than 1,600 per
   * second. Further requests are refused to limit memory. This class must remember the nonce of
   * each request for as long as the request could be accepted again.
   */
  static final int MAX_NONCES = 100_000;

  private static final Pattern TIME = Pattern.compile("\\d{1,15}");
  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");

  private final SignRequest signRequest;
  private final Pod self;
  private final InstantSource clock;

  // The following fields are guarded by @Locked. The allowed clock difference applies in both
  // directions, so a request is accepted for at most 60 s. The nonce of a request is remembered for
  // at least 60 s, so the request is never accepted twice.
  private Set<String> nonces = new HashSet<>();
  private Set<String> olderNonces = new HashSet<>();
  private long turnedAt;

  /** The verified headers of a request from a pod of this cluster. The body is not verified yet. */
  record Claimed(String time, String nonce, long length, byte[] signature) {}

  VerifyRequest(SignRequest signRequest, Pod self, InstantSource clock) {
    this.signRequest = signRequest;
    this.self = self;
    this.clock = clock;
    this.turnedAt = clock.millis();
  }

  /**
   * Checks the headers alone, before a byte of the body is read. Remembers the nonce.
   *
   * @return empty if the request must be refused
   */
  Optional<Claimed> claimed(
      @Nullable String time,
      @Nullable String nonce,
      @Nullable String target,
      @Nullable String headSignature,
      @Nullable String signature,
      long length) {
    if (time == null
        || nonce == null
        || headSignature == null
        || signature == null
        || !self.id().equals(target)) {
      return Optional.empty();
    }
    boolean wellFormed =
        matches(TIME, time)
            && matches(NONCE, nonce)
            && matches(SIGNATURE, headSignature)
            && matches(SIGNATURE, signature);
    if (!wellFormed || Math.abs(clock.millis() - Long.parseLong(time)) > WINDOW.toMillis()) {
      return Optional.empty();
    }
    byte[] right = signRequest.headSignature(time, nonce, self.id(), length);
    // The signature is checked before the nonce, so that only a sender that knows the secret can
    // add a nonce.
    if (!MessageDigest.isEqual(right, HexFormat.of().parseHex(headSignature)) || !isFirst(nonce)) {
      return Optional.empty();
    }
    return Optional.of(new Claimed(time, nonce, length, HexFormat.of().parseHex(signature)));
  }

  /** Whether the body is the body that the sender has signed. */
  boolean proves(Claimed claimed, byte[] body) {
    byte[] right = signRequest.signature(claimed.time(), claimed.nonce(), self.id(), body);
    return MessageDigest.isEqual(right, claimed.signature());
  }

  @Locked
  private boolean isFirst(String nonce) {
    long now = clock.millis();
    if (now - turnedAt >= 2 * WINDOW.toMillis()) {
      olderNonces = nonces;
      nonces = new HashSet<>();
      turnedAt = now;
    }
    return nonces.size() < MAX_NONCES && !olderNonces.contains(nonce) && nonces.add(nonce);
  }

  private static boolean matches(Pattern pattern, @Nullable String text) {
    return text != null && pattern.matcher(text).matches();
  }
}
