package dev.waybill.webhook;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for posting the ends of jobs to other servers.
 *
 * @param secret the secret that signs for callers without a key or JWT of their own, in the form
 *     {@code whsec_} and the Base64 of 24 to 64 bytes; without it, such callers cannot name a
 *     callback
 * @param allowPrivate whether a callback may also go to addresses that are not public; only for
 *     networks in which every caller is trusted
 * @param secretOverlap the time for which the previous secret of a principal still signs in
 *     addition to the new secret, 0 s to 30 d
 */
@Valid
@Validated
@ConfigurationProperties("waybill.webhooks")
record WebhookProperties(
    @Nullable String secret,
    @DefaultValue("false") boolean allowPrivate,
    @DefaultValue("72h") @NotNull @DurationMin(seconds = 0) @DurationMax(days = 30)
        Duration secretOverlap) {

  static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;

  WebhookProperties {
    secret = secret == null || secret.isBlank() ? null : secret.strip();
    if (secret != null && !isSecret(secret)) {
      throw new IllegalArgumentException(
          "waybill.webhooks.secret needs the form whsec_ and the Base64 of 24 to 64 bytes");
    }
  }

  Optional<String> common() {
    return Optional.ofNullable(secret);
  }

  private static boolean isSecret(String text) {
    if (!text.startsWith(PREFIX)) {
      return false;
    }
    try {
      int bytes = Base64.getDecoder().decode(text.substring(PREFIX.length())).length;
      return bytes >= SHORTEST && bytes <= LONGEST;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Leaves out the secret, because the secret must not be logged. */
  @Override
  public String toString() {
    return "WebhookProperties[allowPrivate=%s]".formatted(allowPrivate);
  }
}
