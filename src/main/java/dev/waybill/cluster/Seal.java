package dev.waybill.cluster;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a request comes from a pod that knows the cluster's secret: HMAC-SHA256 over time,
 * nonce, the pod it is meant for, and the body. Thread-safe.
 */
final class Seal {

  /** Milliseconds since 1970. */
  static final String TIME = "X-Waybill-Time";

  /** 32 hexadecimal digits, new in every request. */
  static final String NONCE = "X-Waybill-Nonce";

  /** The ID of the pod that the request is meant for. */
  static final String TARGET = "X-Waybill-Target";

  static final String SIGNATURE = "X-Waybill-Signature";

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  Seal(String secret, InstantSource clock) {
    this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    this.clock = clock;
  }

  /** The headers that seal a request; new ones each time, also for the same body. */
  Map<String, String> on(String targetPodId, byte[] body) {
    String time = Long.toString(clock.millis());
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    String nonce = HexFormat.of().formatHex(bytes);
    String signature = HexFormat.of().formatHex(signature(time, nonce, targetPodId, body));
    return Map.of(TIME, time, NONCE, nonce, TARGET, targetPodId, SIGNATURE, signature);
  }

  byte[] signature(String time, String nonce, String target, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      // No part can run into the next one: before the body none has a line end.
      mac.update((time + "\n" + nonce + "\n" + target + "\n").getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every Java platform", e);
    }
  }
}
