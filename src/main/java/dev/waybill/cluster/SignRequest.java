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
 * Signs requests, to prove that they come from a pod that knows the cluster's secret. The signature
 * is an HMAC-SHA256 over the time, a nonce, the receiving pod and the body. Thread-safe.
 */
final class SignRequest {

  /** The header with the time of the request, in milliseconds since 1970. */
  static final String TIME = "X-Waybill-Time";

  /** The header with the nonce: 32 hexadecimal digits, new in every request. */
  static final String NONCE = "X-Waybill-Nonce";

  /** The header with the ID of the pod to which the request is addressed. */
  static final String TARGET = "X-Waybill-Target";

  /**
   * The header with a signature over time, nonce, target and the length of the body. The receiver
   * checks this signature before it reads a byte of the body.
   */
  static final String HEAD_SIGNATURE = "X-Waybill-Head-Signature";

  /** The header with a signature over time, nonce, target and the body. */
  static final String SIGNATURE = "X-Waybill-Signature";

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  SignRequest(String secret, InstantSource clock) {
    this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    this.clock = clock;
  }

  /**
   * The headers that sign a request. The headers of two requests are always different, even if the
   * bodies are the same.
   */
  Map<String, String> headersFor(String targetPodId, byte[] body) {
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
    // This signed text starts with a letter, and the signed text of a body starts with the time. So
    // this result can never be the signature of a body.
    return mac("head\n" + time + "\n" + nonce + "\n" + target + "\n" + length, new byte[0]);
  }

  byte[] signature(String time, String nonce, String target, byte[] body) {
    // Line ends separate the parts, and no part before the body contains a line end.
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
