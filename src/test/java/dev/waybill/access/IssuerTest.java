package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/** An issuer of tokens as a login server is one, with keys that rotate. */
class IssuerTest {

  private HttpServer server;
  private String issuer;
  private volatile JWKSet published;
  private RSAKey key;
  private final AtomicInteger keysAsked = new AtomicInteger();
  private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
  private final Clock clock =
      ((InstantSource) () -> Instant.now().plus(later.get())).withZone(ZoneOffset.UTC);

  @BeforeEach
  void start() throws Exception {
    key = new RSAKeyGenerator(2048).keyID("first").generate();
    published = new JWKSet(key.toPublicJWK());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"subject_types_supported\":[\"public\"]}"
                    .formatted(issuer, issuer)));
    server.createContext(
        "/keys",
        exchange -> {
          keysAsked.incrementAndGet();
          answer(exchange, published.toString());
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void itsKeysAreDiscoveredAndFollowItsRotation() throws Exception {
    JwtDecoder decoder = decoder(new AccessProperties.Jwt(issuer, null, null, null, null, null));

    assertThat(decoder.decode(signed(key, issuer)).getSubject()).isEqualTo("42");
    RSAKey next = new RSAKeyGenerator(2048).keyID("second").generate();
    assertThatExceptionOfType(JwtException.class)
        .isThrownBy(() -> decoder.decode(signed(next, issuer)));
    published = new JWKSet(next.toPublicJWK());
    waitForThePause();
    assertThat(decoder.decode(signed(next, issuer)).getSubject()).isEqualTo("42");
  }

  @Test
  void anIssuerThatDoesNotAnswerIsAwayAndRefusesNoToken() throws Exception {
    server.stop(0);
    JwtDecoder decoder = decoder(new AccessProperties.Jwt(issuer, null, null, null, null, null));

    assertThatExceptionOfType(JwtException.class)
        .isThrownBy(() -> decoder.decode(signed(key, issuer)))
        .isNotInstanceOf(BadJwtException.class);
  }

  @Test
  void tokensWithUnknownKeysDoNotAskTheIssuerEachTime() throws Exception {
    JwtDecoder decoder =
        decoder(new AccessProperties.Jwt(null, issuer + "/keys", null, null, null, null));
    RSAKey unknown = new RSAKeyGenerator(2048).keyID("unknown").generate();
    assertThat(decoder.decode(signed(key, issuer)).getSubject()).isEqualTo("42");
    waitForThePause();

    for (int i = 0; i < 10; i++) {
      assertThatExceptionOfType(JwtException.class)
          .isThrownBy(() -> decoder.decode(signed(unknown, issuer)));
    }

    assertThat(keysAsked).hasValue(2);
    assertThat(decoder.decode(signed(key, issuer)).getSubject()).isEqualTo("42");
  }

  @Test
  void anAlgorithmThatFitsNoIssuerIsFoundBeforeTheFirstToken() {
    AccessProperties.Jwt settings =
        new AccessProperties.Jwt(issuer, null, null, null, "HS256", null);

    assertThatIllegalStateException().isThrownBy(() -> decoder(settings));
  }

  @Test
  void anotherIssuersTokenIsRefused() throws Exception {
    JwtDecoder decoder = decoder(new AccessProperties.Jwt(issuer, null, null, null, null, null));

    assertThatExceptionOfType(BadJwtException.class)
        .isThrownBy(() -> decoder.decode(signed(key, "https://other.example")));
  }

  @Test
  void aPublicKeyIsNoSecretAndNoneIsNoAlgorithm() throws Exception {
    byte[] encoded = key.toRSAPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(encoded)
            + "\n-----END PUBLIC KEY-----";
    for (AccessProperties.Jwt settings :
        java.util.List.of(
            new AccessProperties.Jwt(null, null, pem, null, null, null),
            new AccessProperties.Jwt(null, issuer + "/keys", null, null, null, null))) {
      JwtDecoder decoder = decoder(settings);
      assertThat(decoder.decode(signed(key, issuer)).getSubject()).isEqualTo("42");
      for (byte[] secret : java.util.List.of(encoded, pem.getBytes(UTF_8))) {
        assertThatExceptionOfType(BadJwtException.class)
            .isThrownBy(
                () ->
                    decoder.decode(
                        signed(new JWSHeader(JWSAlgorithm.HS256), new MACSigner(secret), issuer)));
      }
      String[] parts = signed(key, issuer).split("\\.");
      String none =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8));
      assertThatExceptionOfType(JwtException.class)
          .isThrownBy(() -> decoder.decode(none + "." + parts[1] + "."));
    }
  }

  @Test
  void aTokenWithoutAnEndIsRefused() throws Exception {
    JwtDecoder decoder = decoder(new AccessProperties.Jwt(issuer, null, null, null, null, null));
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").build(),
            new JWTClaimsSet.Builder().subject("42").issuer(issuer).build());
    token.sign(new RSASSASigner(key));

    assertThatExceptionOfType(BadJwtException.class)
        .isThrownBy(() -> decoder.decode(token.serialize()));
  }

  /** Sets the clock forward. */
  private void waitForThePause() {
    later.set(later.get().plusMillis(SpareIssuer.PAUSE_MILLIS));
  }

  private JwtDecoder decoder(AccessProperties.Jwt settings) {
    return new JwtDecoding(settings, clock).decoder();
  }

  private static String signed(RSAKey key, String issuer) throws Exception {
    return signed(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
        new RSASSASigner(key),
        issuer);
  }

  private static String signed(JWSHeader header, JWSSigner signer, String issuer) throws Exception {
    SignedJWT token =
        new SignedJWT(
            header,
            new JWTClaimsSet.Builder()
                .subject("42")
                .issuer(issuer)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))))
                .build());
    token.sign(signer);
    return token.serialize();
  }

  private static void answer(HttpExchange exchange, String body) {
    try (exchange) {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
