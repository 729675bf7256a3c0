package dev.waybill.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Makes and verifies watch tokens. A token consists of {@code wbt_}, the payload and a signature.
 * The payload and the signature are in Base64 for URLs. The lines of the payload are the secret's
 * ID, the expiry in milliseconds, the credential that made the token, and then each name of a
 * stream. Tokens are not stored. Thread-safe.
 */
@Component
@RequiredArgsConstructor
class WatchTokens {

  static final String PREFIX = "wbt_";

  /**
   * The maximum length of a token, in characters. A token of this length fits into the head of a
   * request.
   */
  static final int LONGEST = 8_000;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int FIRST_NAME = 3;

  private final TokenSecrets secrets;
  private final Clock clock;

  /**
   * A token whose signature is correct.
   *
   * @param origin the origin of the credential that made the token, see {@link Access#origin}
   */
  record WatchToken(Instant expiresAt, String origin, Set<String> names) {}

  String make(WatchToken token) {
    TokenSecrets.Signing signing = secrets.signing();
    String payload =
        signing.id()
            + "\n"
            + token.expiresAt().toEpochMilli()
            + "\n"
            + token.origin()
            + "\n"
            + String.join("\n", token.names());
    String body = encode(payload.getBytes(UTF_8));
    return PREFIX + body + "." + encode(sign(signing.secret(), body));
  }

  /** Reads a token; empty if it is forged or damaged. The returned token may have expired. */
  Optional<WatchToken> verify(String text) {
    if (text.length() > LONGEST || !text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    int dot = text.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String body = text.substring(PREFIX.length(), dot);
    try {
      String[] lines = new String(Base64.getUrlDecoder().decode(body), UTF_8).split("\n");
      byte[] signature = Base64.getUrlDecoder().decode(text.substring(dot + 1));
      if (lines.length <= FIRST_NAME) {
        return Optional.empty();
      }
      return secrets
          .find(lines[0])
          .filter(secret -> MessageDigest.isEqual(sign(secret, body), signature))
          .map(secret -> read(lines));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  boolean hasExpired(WatchToken token) {
    return !clock.instant().isBefore(token.expiresAt());
  }

  private static WatchToken read(String[] lines) {
    return new WatchToken(
        Instant.ofEpochMilli(Long.parseLong(lines[1])),
        lines[2],
        new LinkedHashSet<>(List.of(lines).subList(FIRST_NAME, lines.length)));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] sign(byte[] secret, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac.doFinal(body.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
