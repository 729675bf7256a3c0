package dev.waybill.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs a delivery according to Standard Webhooks: HMAC-SHA256 over {@code id.timestamp.body}. */
final class SignWebhook {

  private static final String ALGORITHM = "HmacSHA256";

  private SignWebhook() {}

  /**
   * The value of the header {@code webhook-signature}. The header contains one signature for each
   * secret, separated by spaces.
   *
   * @param secrets the secrets, each in the form {@code whsec_} and Base64
   */
  static String sign(List<String> secrets, String messageId, Instant time, byte[] body) {
    byte[] head = (messageId + "." + time.getEpochSecond() + ".").getBytes(UTF_8);
    return secrets.stream()
        .map(secret -> "v1," + Base64.getEncoder().encodeToString(mac(secret, head, body)))
        .collect(Collectors.joining(" "));
  }

  private static byte[] mac(String secret, byte[] head, byte[] body) {
    byte[] key = Base64.getDecoder().decode(secret.substring(WebhookProperties.PREFIX.length()));
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(head);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
