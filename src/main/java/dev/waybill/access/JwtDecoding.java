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
 * Builds Spring's decoder of JWTs from the settings. The algorithm comes from the settings, never
 * from the token. So a token with the algorithm {@code none} is refused. A token is also refused if
 * an attacker has signed it with the public key as a shared secret.
 */
@RequiredArgsConstructor
final class JwtDecoding {

  /** The largest accepted difference between the issuer's clock and the clock of this server. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

  private final AccessProperties.Jwt settings;
  private final Clock clock;

  /**
   * Builds the decoder without a request to the issuer, because the issuer may start later than
   * this server.
   *
   * @throws AccessSettingException if the settings cannot work
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

  /**
   * Reads the issuer's configuration when the first token arrives. If the issuer does not answer,
   * each further token causes another attempt.
   */
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
        // Without this conversion, Spring Security would answer 500, because the caught exception
        // is not a JwtException.
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

  /** The client has timeouts, because a request waits while the issuer's keys are fetched. */
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

  /**
   * The time from which this server refuses a token: its expiry plus the allowed clock difference.
   */
  static Instant endOf(Jwt token) {
    return Objects.requireNonNull(token.getExpiresAt()).plus(SKEW);
  }
}
