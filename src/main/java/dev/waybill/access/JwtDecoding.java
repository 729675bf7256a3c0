package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.web.client.RestTemplate;

/**
 * Builds Spring's decoder of JWTs from the settings. The algorithm comes from them, never from the
 * token: a token that names {@code none}, or that is signed by a public key as if it were a secret,
 * is refused.
 */
@RequiredArgsConstructor
final class JwtDecoding {

  /** How far the issuer's clock may differ from this server's. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

  private final AccessProperties.Jwt settings;
  private final Clock clock;

  /** Asks no issuer yet: it may start later than this server. */
  JwtDecoder decoder() {
    NimbusJwtDecoder known = withKnownKey();
    if (known != null) {
      return validating(known);
    }
    // Read here: a setting that fits no issuer must not wait for the first token.
    SignatureAlgorithm algorithm = asymmetric("RS256");
    String keys = settings.jwkSetUri();
    return keys != null
        ? validating(
            NimbusJwtDecoder.withJwkSetUri(keys)
                .jwsAlgorithm(algorithm)
                .restOperations(client())
                .build())
        : discovering(algorithm);
  }

  /** Asks the issuer at the first token, and again at each further one until it answers. */
  private JwtDecoder discovering(SignatureAlgorithm algorithm) {
    RestTemplate client = client();
    JwtDecoder discovered =
        new SupplierJwtDecoder(
            () ->
                validating(
                    NimbusJwtDecoder.withIssuerLocation(
                            Objects.requireNonNull(settings.issuerUri()))
                        .jwsAlgorithm(algorithm)
                        .restOperations(client)
                        .build()));
    return token -> {
      try {
        return discovered.decode(token);
      } catch (JwtDecoderInitializationException e) {
        // Not a JwtException, so Spring Security would answer 500.
        throw new JwtException("The issuer does not answer", e);
      }
    };
  }

  private @Nullable NimbusJwtDecoder withKnownKey() {
    if (settings.secret() != null) {
      MacAlgorithm algorithm = MacAlgorithm.from(chosen("HS256"));
      if (algorithm == null) {
        throw notAnAlgorithm();
      }
      SecretKeySpec key =
          new SecretKeySpec(settings.secret().getBytes(UTF_8), "Hmac" + algorithm.getName());
      return NimbusJwtDecoder.withSecretKey(key).macAlgorithm(algorithm).build();
    }
    if (settings.publicKey() == null) {
      return null;
    }
    byte[] encoded = pem(settings.publicKey());
    Optional<RSAPublicKey> rsa = publicKey("RSA", encoded).map(RSAPublicKey.class::cast);
    if (rsa.isPresent()) {
      return NimbusJwtDecoder.withPublicKey(rsa.get())
          .signatureAlgorithm(asymmetric("RS256"))
          .build();
    }
    ECPublicKey ec =
        publicKey("EC", encoded)
            .map(ECPublicKey.class::cast)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "waybill.access.jwt.public-key is no RSA or EC public key in PEM"));
    JWKSet keys = new JWKSet(new ECKey.Builder(Curve.P_256, ec).build());
    return NimbusJwtDecoder.withJwkSource(new ImmutableJWKSet<>(keys))
        .jwsAlgorithm(asymmetric("ES256"))
        .build();
  }

  private NimbusJwtDecoder validating(NimbusJwtDecoder decoder) {
    JwtTimestampValidator times = new JwtTimestampValidator(SKEW);
    times.setClock(clock);
    List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
    validators.add(times);
    validators.add(
        token ->
            token.getExpiresAt() != null && token.getSubject() != null
                ? OAuth2TokenValidatorResult.success()
                : failure("exp and sub are required"));
    if (settings.issuerUri() != null) {
      validators.add(new JwtIssuerValidator(settings.issuerUri()));
    }
    String audience = settings.audience();
    if (audience != null) {
      validators.add(
          token ->
              token.getAudience() != null && token.getAudience().contains(audience)
                  ? OAuth2TokenValidatorResult.success()
                  : failure("the token is meant for another audience"));
    }
    decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(validators));
    return decoder;
  }

  private static OAuth2TokenValidatorResult failure(String what) {
    return OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", what, null));
  }

  private String chosen(String otherwise) {
    return settings.algorithm() == null ? otherwise : settings.algorithm();
  }

  private SignatureAlgorithm asymmetric(String otherwise) {
    SignatureAlgorithm algorithm = SignatureAlgorithm.from(chosen(otherwise));
    if (algorithm == null) {
      throw notAnAlgorithm();
    }
    return algorithm;
  }

  private IllegalStateException notAnAlgorithm() {
    return new IllegalStateException(
        "waybill.access.jwt.algorithm does not fit the key: " + settings.algorithm());
  }

  private static byte[] pem(String text) {
    String base64 = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s|\\\\n", "");
    return Base64.getDecoder().decode(base64);
  }

  private static Optional<java.security.PublicKey> publicKey(String algorithm, byte[] encoded) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** With timeouts: a request waits for the keys of an issuer that it does not know yet. */
  private RestTemplate client() {
    JdkClientHttpRequestFactory factory =
        new JdkClientHttpRequestFactory(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
    factory.setReadTimeout(READ_TIMEOUT);
    RestTemplate client = new RestTemplate(factory);
    client.setInterceptors(List.of(new SpareIssuer(clock)));
    return client;
  }

  /** When a token stops counting here. */
  static Instant endOf(Jwt token) {
    return Objects.requireNonNull(token.getExpiresAt()).plus(SKEW);
  }
}
