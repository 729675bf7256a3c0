package dev.waybill.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;

/**
 * The login server of a shop. It has the addresses of Keycloak: a configuration by OpenID Connect,
 * the public keys, and tokens for a client that knows its secret.
 */
final class LoginServer implements AutoCloseable {

  private final HttpServer server;
  private final String issuer;
  private final RSAKey key;
  private final String clientSecret;
  private final JWTClaimsSet claims;

  /**
   * @param claims the claims of its tokens, in JSON; issuer and expiry are replaced
   */
  LoginServer(String clientSecret, String claims)
      throws IOException, JOSEException, ParseException {
    this.clientSecret = clientSecret;
    this.claims = JWTClaimsSet.parse(claims);
    key = new RSAKeyGenerator(2048).keyID("first").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/shop";
    server.createContext(
        "/realms/shop/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                200,
                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"subject_types_supported\":[\"public\"]}"
                    .formatted(issuer, issuer)));
    server.createContext(
        "/realms/shop/keys",
        exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
    server.createContext("/realms/shop/protocol/openid-connect/token", this::logIn);
    server.start();
  }

  String issuer() {
    return issuer;
  }

  private void logIn(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (form.equals("grant_type=client_credentials&client_id=shop&client_secret=" + clientSecret)) {
      answer(exchange, 200, "{\"access_token\":\"" + token() + "\",\"token_type\":\"Bearer\"}");
    } else {
      answer(exchange, 401, "{\"error\":\"invalid_client\"}");
    }
  }

  private String token() {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
              new JWTClaimsSet.Builder(claims)
                  .issuer(issuer)
                  .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                  .build());
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length());
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
