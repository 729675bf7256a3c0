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
import org.jspecify.annotations.Nullable;

/** Tells a request of another pod from one that is forged, late, repeated or meant for another. */
final class SealCheck {

  /** How far the sender's time may be from ours, either way. */
  static final Duration WINDOW = Duration.ofSeconds(30);

  private static final Pattern TIME = Pattern.compile("\\d{1,15}");
  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");

  private final Seal seal;
  private final Pod self;
  private final InstantSource clock;

  // Guarded by this, down to the last field. A nonce is remembered for one to two times the length
  // of the window, both sides of it, which is as long as its time is believed.
  private Set<String> nonces = new HashSet<>();
  private Set<String> olderNonces = new HashSet<>();
  private long turnedAt;

  /** What a sender claims, well formed and timely but not proved. */
  record Claimed(String time, String nonce, byte[] signature) {}

  SealCheck(Seal seal, Pod self, InstantSource clock) {
    this.seal = seal;
    this.self = self;
    this.clock = clock;
    this.turnedAt = clock.millis();
  }

  /** Looks at the headers alone, before a byte of the body is read; empty where refused. */
  Optional<Claimed> claimed(
      @Nullable String time,
      @Nullable String nonce,
      @Nullable String target,
      @Nullable String signature) {
    if (time == null || nonce == null || signature == null || !self.id().equals(target)) {
      return Optional.empty();
    }
    boolean wellFormed =
        matches(TIME, time) && matches(NONCE, nonce) && matches(SIGNATURE, signature);
    if (!wellFormed || Math.abs(clock.millis() - Long.parseLong(time)) > WINDOW.toMillis()) {
      return Optional.empty();
    }
    return Optional.of(new Claimed(time, nonce, HexFormat.of().parseHex(signature)));
  }

  /** Whether the seal is right and seen for the first time. */
  boolean proves(Claimed claimed, byte[] body) {
    byte[] right = seal.signature(claimed.time(), claimed.nonce(), self.id(), body);
    // In that order: only who knows the secret gets a nonce remembered.
    return MessageDigest.isEqual(right, claimed.signature()) && isFirst(claimed.nonce());
  }

  private synchronized boolean isFirst(String nonce) {
    long now = clock.millis();
    if (now - turnedAt >= 2 * WINDOW.toMillis()) {
      olderNonces = nonces;
      nonces = new HashSet<>();
      turnedAt = now;
    }
    return !olderNonces.contains(nonce) && nonces.add(nonce);
  }

  private static boolean matches(Pattern pattern, @Nullable String text) {
    return text != null && pattern.matcher(text).matches();
  }
}
