package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.waybill.contract.Shows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import tools.jackson.databind.json.JsonMapper;

/** An issuer of tokens that behaves like a login server and changes its keys. */
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
  void theAnswerNamesTheIssuerWhereItIsAwayAndTheStorageWhereThatIs() throws Exception {
    AnswerRefusal refusal =
        new AnswerRefusal(
            JsonMapper.shared(),
            new AuditLog(JsonMapper.shared(), clock),
            new AccessMetrics(new SimpleMeterRegistry()));
    MockHttpServletResponse noIssuer = new MockHttpServletResponse();
    refusal.commence(
        new MockHttpServletRequest(),
        noIssuer,
        new AuthenticationServiceException("away", new JwtException("The issuer is away")));
    assertThat(noIssuer.getStatus()).isEqualTo(503);
    assertThat(noIssuer.getHeader("Retry-After")).isNotNull();
    assertThat(noIssuer.getContentAsString())
        .contains("problem:unavailable", "issuer does not answer")
        .doesNotContain("storage");

    MockHttpServletResponse noStorage = new MockHttpServletResponse();
    refusal.commence(
        new MockHttpServletRequest(),
        noStorage,
        new AuthenticationServiceException("away", new QueryTimeoutException("away")));
    assertThat(noStorage.getStatus()).isEqualTo(503);
    assertThat(noStorage.getContentAsString()).contains("problem:storage");
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
  @Shows("access.jwt.setting")
  void aSettingThatCannotWorkStopsTheStartAndSaysWhichAndNotItsValue() throws Exception {
    String rsa = pem(key.toRSAPublicKey().getEncoded());
    String weak = pem(rsaKey(1024).getEncoded());
    String ec = pem(new ECKeyGenerator(Curve.P_256).generate().toECPublicKey().getEncoded());
    String otherCurve =
        pem(new ECKeyGenerator(Curve.P_384).generate().toECPublicKey().getEncoded());
    String secret = "s".repeat(32);
    List<Supplier<AccessProperties.Jwt>> wrong =
        List.of(
            () -> new AccessProperties.Jwt(null, null, "nonsense", null, null, null),
            () -> new AccessProperties.Jwt(null, null, "bm9uc2Vuc2U=", null, null, null),
            () -> new AccessProperties.Jwt(null, null, weak, null, null, null),
            () -> new AccessProperties.Jwt(null, null, otherCurve, null, null, null),
            () -> new AccessProperties.Jwt(null, null, rsa, null, "ES256", null),
            () -> new AccessProperties.Jwt(null, null, ec, null, "RS256", null),
            () -> new AccessProperties.Jwt(null, null, rsa, null, "none", null),
            () -> new AccessProperties.Jwt(null, null, null, "s".repeat(31), null, null),
            () -> new AccessProperties.Jwt(null, null, null, secret, "HS512", null),
            () -> new AccessProperties.Jwt(null, null, null, secret, "RS256", null),
            () -> new AccessProperties.Jwt(null, null, rsa, secret, null, null),
            () -> new AccessProperties.Jwt(null, issuer, null, secret, null, null),
            () -> new AccessProperties.Jwt("login.shop.example", null, null, null, null, null),
            () -> new AccessProperties.Jwt(null, "file:///keys", null, null, null, null),
            () -> new AccessProperties.Jwt(issuer, null, null, null, "HS256", null),
            () -> new AccessProperties.Jwt(null, null, null, null, null, "waybill"));

    for (Supplier<AccessProperties.Jwt> settings : wrong) {
      assertThatThrownBy(() -> securityFilters(settings.get()))
          .isInstanceOf(AccessSettingException.class)
          .satisfies(
              failure -> {
                FailureAnalysis shown = new AccessSettingFailureAnalyzer().analyze(failure);
                assertThat(shown.getDescription()).contains("waybill.access.jwt.");
                assertThat(shown.getAction()).isNotBlank();
                assertThat(shown.getDescription() + shown.getAction()).doesNotContain("sss");
              });
    }
    for (String right : List.of(rsa, rsa.replace("\n", "\\n"), ec)) {
      securityFilters(new AccessProperties.Jwt(null, null, right, null, null, null));
    }
    assertThat(new AccessProperties.Jwt(null, null, null, secret, null, null).toString())
        .doesNotContain(secret);
  }

  /** The security filters, as the start of the service builds them from these settings. */
  private SecurityFilters securityFilters(AccessProperties.Jwt settings) {
    AccessProperties properties = new AccessProperties(false, null, false, settings);
    return new SecurityFilters(properties, null, null, new ReadJwt(null), null, null, clock);
  }

  private static PublicKey rsaKey(int bits) throws GeneralSecurityException {
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
    pairs.initialize(bits);
    return pairs.generateKeyPair().getPublic();
  }

  private static String pem(byte[] encoded) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(encoded)
        + "\n-----END PUBLIC KEY-----";
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
    String pem = pem(encoded);
    for (AccessProperties.Jwt settings :
        List.of(
            new AccessProperties.Jwt(null, null, pem, null, null, null),
            new AccessProperties.Jwt(null, issuer + "/keys", null, null, null, null))) {
      JwtDecoder decoder = decoder(settings);
      assertThat(decoder.decode(signed(key, issuer)).getSubject()).isEqualTo("42");
      for (byte[] secret : List.of(encoded, pem.getBytes(UTF_8))) {
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
  @Shows("access.jwt.issuer")
  void itsTokensNeedTheAudienceAndMayDifferByTheSkew() throws Exception {
    JwtDecoder decoder =
        decoder(new AccessProperties.Jwt(issuer, null, null, null, null, "waybill"));
    Duration late = JwtDecoding.SKEW.minusSeconds(5);

    assertThat(decoder.decode(meantFor("waybill", late.negated())).getSubject()).isEqualTo("42");
    for (String refused :
        List.of(
            meantFor("waybill", JwtDecoding.SKEW.plusSeconds(5).negated()),
            meantFor("other", Duration.ofMinutes(5)),
            meantFor("waybill2", Duration.ofMinutes(5)),
            signed(key, issuer))) {
      assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(refused));
    }
  }

  private String meantFor(String audience, Duration life) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").build(),
            new JWTClaimsSet.Builder()
                .subject("42")
                .issuer(issuer)
                .audience(audience)
                .expirationTime(Date.from(Instant.now().plus(life)))
                .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
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
