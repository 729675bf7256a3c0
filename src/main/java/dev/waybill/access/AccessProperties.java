package dev.waybill.access;

import jakarta.validation.Valid;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The callers of this server.
 *
 * @param open whether the server may listen on an address that others reach while there is neither
 *     a key nor an issuer of tokens; everybody who reaches it may then do everything
 * @param bootstrapKey a key with all scopes, for as long as it is set; 32 to 200 visible characters
 * @param jobLinks whether a transaction ID alone opens reading and watching of its job
 * @param jwt the tokens of an own login
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
   * The tokens of an own login. One of the first four settings names their issuer's key.
   *
   * @param issuerUri the issuer, whose keys are discovered by OpenID Connect; tokens must name it
   * @param jwkSetUri where the issuer's keys are, instead of or beside the issuer
   * @param publicKey the issuer's public key, in PEM: RSA, or EC on the curve P-256
   * @param secret a secret that the issuer shares; 32 characters or more
   * @param algorithm of the signature, such as {@code RS256} or {@code ES256}; by default {@code
   *     RS256}, {@code ES256} with an EC public key, {@code HS256} with a secret
   * @param audience a token must be meant for it, where it is set
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
            "waybill.access.jwt.algorithm or audience is set, and no key of an issuer.",
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

    /** Leaves out the values: one of them is a secret. */
    @Override
    public String toString() {
      return "waybill.access.jwt";
    }
  }

  /** Compares hashes in constant time, so that the time of an answer says nothing about the key. */
  boolean isBootstrapKey(String text) {
    return bootstrapKey != null
        && MessageDigest.isEqual(KeyText.sha256(bootstrapKey), KeyText.sha256(text));
  }

  /** Leaves out the values: some of them are secrets. */
  @Override
  public String toString() {
    return "waybill.access";
  }

  private static @Nullable String emptyAsNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
