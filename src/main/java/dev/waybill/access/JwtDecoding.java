package dev.waybill.access;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.http.HttpClient;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.crypto.SecretKey;
import lombok.RequiredArgsConstructor;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
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

  /**
   * Asks no issuer yet: it may start later than this server.
   *
   * @throws AccessSettingException where the settings cannot work
   */
  JwtDecoder decoder() {
    JwtKeys named = new JwtKeys(settings);
    named.checkAddresses();
    SecretKey secret = named.secret();
    if (secret != null) {
      return validating(
          NimbusJwtDecoder.withSecretKey(secret)
              .macAlgorithm(named.macAlgorithm(Objects.requireNonNull(settings.secret())))
              .build());
    }
    PublicKey publicKey = named.publicKey();
    SignatureAlgorithm algorithm = named.algorithm(publicKey);
    return switch (publicKey) {
      case RSAPublicKey rsa ->
          validating(NimbusJwtDecoder.withPublicKey(rsa).signatureAlgorithm(algorithm).build());
      case ECPublicKey ec ->
          validating(
              NimbusJwtDecoder.withJwkSource(
                      new ImmutableJWKSet<SecurityContext>(
                          new JWKSet(new ECKey.Builder(Curve.P_256, ec).build())))
                  .jwsAlgorithm(algorithm)
                  .build());
      case null, default -> ofIssuer(algorithm);
    };
  }

  private JwtDecoder ofIssuer(SignatureAlgorithm algorithm) {
    String keys = settings.jwkSetUri();
    return keys == null
        ? discovering(algorithm)
        : validating(
            NimbusJwtDecoder.withJwkSetUri(keys)
                .jwsAlgorithm(algorithm)
                .restOperations(client())
                .build());
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
