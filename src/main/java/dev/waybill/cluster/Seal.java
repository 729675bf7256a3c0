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

  /** Over time, nonce, target and the length of the body: checked before a byte of it is read. */
  static final String HEAD_SIGNATURE = "X-Waybill-Head-Signature";

  /** Over time, nonce, target and the body. */
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
    String head = HexFormat.of().formatHex(headSignature(time, nonce, targetPodId, body.length));
    String signature = HexFormat.of().formatHex(signature(time, nonce, targetPodId, body));
    return Map.of(
        TIME, time, NONCE, nonce, TARGET, targetPodId, HEAD_SIGNATURE, head, SIGNATURE, signature);
  }

  byte[] headSignature(String time, String nonce, String target, long length) {
    // Begins with a letter, so it is never the signature of a body.
    return mac("head\n" + time + "\n" + nonce + "\n" + target + "\n" + length, new byte[0]);
  }

  byte[] signature(String time, String nonce, String target, byte[] body) {
    // No part can run into the next one: before the body none has a line end.
    return mac(time + "\n" + nonce + "\n" + target + "\n", body);
  }

  private byte[] mac(String head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(head.getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every Java platform", e);
    }
  }
}
