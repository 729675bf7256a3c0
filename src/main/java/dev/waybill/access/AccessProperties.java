package dev.waybill.access;

import jakarta.validation.Valid;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which callers may use this server.
 *
 * @param open whether the server may listen on an address that other machines can reach while there
 *     is neither a key nor an issuer of tokens; then everyone who can reach it may do everything
 * @param bootstrapKey an API key that has all scopes while it is set here; 32 to 200 visible
 *     characters
 * @param jobLinks whether everyone who knows a transaction ID may read and watch its job
 * @param jwt which tokens of your own login service are accepted
 */
@Validated
@ConfigurationProperties("waybill.access")
record AccessProperties(
    @DefaultValue("false") boolean open,
    @Nullable String bootstrapKey,
    @DefaultValue("false") boolean jobLinks,
    @Valid @DefaultValue Jwt jwt) {

  AccessProperties {
    bootstrapKey = emptyAsNull(bootstrapKey);
    if (bootstrapKey != null && !bootstrapKey.matches("[!-~]{32,200}")) {
      throw new AccessSettingException(
          "waybill.access.bootstrap-key needs 32 to 200 visible ASCII characters.",
          "Set WAYBILL_ACCESS_BOOTSTRAPKEY to what `openssl rand -hex 32` prints.");
    }
  }

  /**
   * Which tokens of your own login service are accepted. One of the first four settings names the
   * key of their issuer.
   *
   * @param issuerUri the address of the issuer; its keys are found by OpenID Connect discovery, and
   *     tokens must name this issuer
   * @param jwkSetUri the address of the issuer's keys; may be set instead of the issuer or together
   *     with it
   * @param publicKey the issuer's public key, in PEM: RSA, or EC on the curve P-256
   * @param secret a secret that is shared with the issuer; 32 characters or more
   * @param algorithm the algorithm of the signature, such as {@code RS256} or {@code ES256}; by
   *     default {@code RS256}, {@code ES256} with an EC public key, {@code HS256} with a secret
   * @param audience the audience that a token must name; not checked if it is not set
   */
  record Jwt(
      @Nullable String issuerUri,
      @Nullable String jwkSetUri,
      @Nullable String publicKey,
      @Nullable String secret,
      @Nullable String algorithm,
      @Nullable String audience) {

    Jwt {
      issuerUri = emptyAsNull(issuerUri);
      jwkSetUri = emptyAsNull(jwkSetUri);
      publicKey = emptyAsNull(publicKey);
      secret = emptyAsNull(secret);
      algorithm = emptyAsNull(algorithm);
      audience = emptyAsNull(audience);
      int keys =
          (publicKey == null ? 0 : 1)
              + (secret == null ? 0 : 1)
              + (issuerUri != null && publicKey == null && secret == null || jwkSetUri != null
                  ? 1
                  : 0);
      if (keys > 1) {
        throw new AccessSettingException(
            "More than one of waybill.access.jwt.jwk-set-uri, public-key and secret is set.",
            "Keep the one that the issuer uses, and remove the others.");
      }
      if (keys == 0 && (algorithm != null || audience != null)) {
        throw new AccessSettingException(
            "waybill.access.jwt.algorithm or audience is set, but there is no key of an issuer.",
            "Set waybill.access.jwt.issuer-uri, jwk-set-uri, public-key or secret as well.");
      }
      if (secret != null && secret.length() < 32) {
        throw new AccessSettingException(
            "waybill.access.jwt.secret needs 32 characters or more.",
            "Let `openssl rand -hex 32` make a secret, and give it to the issuer too.");
      }
    }

    boolean isConfigured() {
      return issuerUri != null || jwkSetUri != null || publicKey != null || secret != null;
    }

    /** Leaves out the values, because one of them is a secret. */
    @Override
    public String toString() {
      return "waybill.access.jwt";
    }
  }

  /**
   * Compares hashes in constant time. Otherwise a client could learn something about the key from
   * the response time.
   */
  boolean isBootstrapKey(String text) {
    return bootstrapKey != null
        && MessageDigest.isEqual(KeyText.sha256(bootstrapKey), KeyText.sha256(text));
  }

  /** Leaves out the values, because some of them are secrets. */
  @Override
  public String toString() {
    return "waybill.access";
  }

  private static @Nullable String emptyAsNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
