package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

/**
 * The keys and the algorithm from the settings. A mistake in these settings fails the start with an
 * {@link AccessSettingException}. Otherwise the operator would notice the mistake only later, when
 * tokens are refused.
 */
@RequiredArgsConstructor
final class JwtKeys {

  /** The minimum length of an RSA key, in bits, that Nimbus and RFC 7518 require. */
  private static final int FEWEST_RSA_BITS = 2_048;

  private static final String PUBLIC_KEY = "waybill.access.jwt.public-key";
  private static final String HOW_TO_PRINT =
      "Set %s to what `openssl pkey -in key.pem -pubout` prints, with its first and last line."
          .formatted(PUBLIC_KEY);

  private final AccessProperties.Jwt settings;

  /** The public key, RSA or EC on the curve P-256; null if the settings contain no public key. */
  @Nullable PublicKey publicKey() {
    String text = settings.publicKey();
    if (text == null) {
      return null;
    }
    byte[] encoded = pem(text);
    Optional<PublicKey> key =
        publicKey("RSA", encoded)
            .filter(found -> ((RSAPublicKey) found).getModulus().bitLength() >= FEWEST_RSA_BITS)
            .or(
                () ->
                    publicKey("EC", encoded)
                        .filter(
                            found ->
                                Curve.P_256.equals(
                                    Curve.forECParameterSpec(((ECPublicKey) found).getParams()))));
    return key.orElseThrow(
        () ->
            new AccessSettingException(
                "%s is no RSA key of %d bits or more, and no EC key on the curve P-256."
                    .formatted(PUBLIC_KEY, FEWEST_RSA_BITS),
                HOW_TO_PRINT));
  }

  /** The shared secret; null if the settings contain no shared secret. */
  @Nullable SecretKey secret() {
    String text = settings.secret();
    return text == null
        ? null
        : new SecretKeySpec(text.getBytes(UTF_8), "Hmac" + macAlgorithm(text).getName());
  }

  MacAlgorithm macAlgorithm(String secret) {
    MacAlgorithm algorithm = MacAlgorithm.from(chosen("HS256"));
    if (algorithm == null) {
      throw unfit("a secret needs HS256, HS384 or HS512");
    }
    int bits = Integer.parseInt(algorithm.getName().substring(2));
    if (secret.getBytes(UTF_8).length * Byte.SIZE < bits) {
      throw new AccessSettingException(
          "waybill.access.jwt.secret is too short: %s needs %d bytes."
              .formatted(algorithm.getName(), bits / Byte.SIZE),
          "Let `openssl rand -hex 32` make a secret, and give it to the issuer too.");
    }
    return algorithm;
  }

  /**
   * The algorithm for verifying a signature with a public key. This algorithm is the algorithm from
   * the settings, or the default for this type of key.
   */
  SignatureAlgorithm algorithm(@Nullable PublicKey key) {
    boolean ec = key instanceof ECPublicKey;
    SignatureAlgorithm algorithm = SignatureAlgorithm.from(chosen(ec ? "ES256" : "RS256"));
    if (algorithm == null) {
      throw unfit("a public key needs one such as RS256, PS256 or ES256");
    }
    if (key != null && (ec ? algorithm != SignatureAlgorithm.ES256 : isEc(algorithm))) {
      throw unfit(ec ? "an EC key needs ES256" : "an RSA key needs one such as RS256 or PS256");
    }
    return algorithm;
  }

  /** Checks that the addresses of the issuer are complete http or https addresses. */
  void checkAddresses() {
    check("waybill.access.jwt.issuer-uri", settings.issuerUri());
    check("waybill.access.jwt.jwk-set-uri", settings.jwkSetUri());
  }

  private static void check(String setting, @Nullable String address) {
    try {
      URI uri = URI.create(address == null ? "https://none" : address);
      if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Ignores this exception. The exception that is thrown after this block reports invalid
      // addresses, and also addresses that have no host or have another scheme.
    }
    throw new AccessSettingException(
        setting + " must be an address that starts with https:// or http://.",
        "Set it to the address under which the issuer answers, such as"
            + " https://login.shop.example/realms/shop.");
  }

  private String chosen(String otherwise) {
    return settings.algorithm() == null ? otherwise : settings.algorithm();
  }

  private static boolean isEc(SignatureAlgorithm algorithm) {
    return algorithm.getName().startsWith("ES");
  }

  private static AccessSettingException unfit(String what) {
    return new AccessSettingException(
        "waybill.access.jwt.algorithm does not fit the key: " + what + ".",
        "Leave waybill.access.jwt.algorithm out, or set it to the one that the issuer signs with.");
  }

  private static byte[] pem(String text) {
    String base64 = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s|\\\\n", "");
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new AccessSettingException(PUBLIC_KEY + " is not a key in PEM format.", HOW_TO_PRINT);
    }
  }

  private static Optional<PublicKey> publicKey(String algorithm, byte[] encoded) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
