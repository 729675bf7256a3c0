package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SessionTest extends AccessTestBase {

  private static final String UPLOAD = "\"scopes\":[\"upload\"]";

  @Test
  @Shows("access.session")
  void theCookieHoldsARandomIdAndWorksForThePageOnly() throws Exception {
    String key = key(UPLOAD);
    HttpResponse<String> opened = call("POST", "/api/session", key, "");
    assertThat(opened.statusCode()).isEqualTo(201);
    String header = opened.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(header)
        .contains("HttpOnly", "SameSite=Strict", "Path=/")
        .doesNotContain("Secure", key);
    String cookie = header.substring(0, header.indexOf(';'));
    String own = "http://127.0.0.1:" + port;

    assertThat(get(cookie).statusCode()).isEqualTo(200);
    assertThat(upload(cookie, own).statusCode()).isEqualTo(202);
    assertThat(
            send(to("/api/jobs").header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin"))
                .statusCode())
        .isEqualTo(200);

    HttpResponse<String> ended =
        send(to("/api/session").header("Cookie", cookie).header("Origin", own).DELETE());
    assertThat(ended.statusCode()).isEqualTo(204);
    assertThat(get(cookie).statusCode()).isEqualTo(401);
    // A cookie of an ended session does not prevent the page from loading.
    assertThat(send(to("/").header("Cookie", cookie)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "https://shop.example", "http://evil.example", "http://127.0.0.1:1"})
  @Shows("access.session.csrf")
  void aForeignPageCannotUseTheCookie(String origin) throws Exception {
    String cookie = cookie(key(UPLOAD));

    HttpResponse<String> refused = upload(cookie, origin);

    assertThat(refused.statusCode()).as(refused.body()).isIn(401, 403);
    assertThat(database.sql("SELECT COUNT(*) FROM job").query(Integer.class).single()).isZero();
    HttpRequest.Builder end = to("/api/session").header("Cookie", cookie).DELETE();
    send(origin.isEmpty() ? end : end.header("Origin", origin));
    assertThat(get(cookie).statusCode()).as("the session goes on").isEqualTo(200);
  }

  @Test
  void aSessionEndsWithItsKey() throws Exception {
    JsonNode made = made(UPLOAD);
    String cookie = cookie(made.get("key").asString());
    assertThat(get(cookie).statusCode()).isEqualTo(200);

    call("DELETE", "/api/keys/" + made.get("id").asString(), BOOTSTRAP, "");

    assertThat(get(cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void overTlsTheCookieIsBoundToTheHost() throws Exception {
    SessionCookie cookies = new SessionCookie();
    var request = new org.springframework.mock.web.MockHttpServletRequest();
    request.addHeader("Host", "waybill.example");
    request.setSecure(true);

    assertThat(cookies.set(request, "id", java.time.Duration.ofHours(1)))
        .startsWith("__Host-waybill-session=id; Path=/;")
        .contains("Secure", "HttpOnly", "SameSite=Strict");
  }

  @Test
  void anAllowedOriginGetsCredentialsByItsExactName() throws Exception {
    HttpResponse<String> answer =
        send(
            to("/api/jobs")
                .header("Origin", "https://shop.example")
                .header("X-Api-Key", BOOTSTRAP));

    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://shop.example");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).contains("true");
  }

  private String cookie(String key) throws Exception {
    String header =
        call("POST", "/api/session", key, "").headers().firstValue("Set-Cookie").orElseThrow();
    return header.substring(0, header.indexOf(';'));
  }

  private HttpResponse<String> get(String cookie) throws Exception {
    return send(to("/api/jobs").header("Cookie", cookie));
  }

  private HttpResponse<String> upload(String cookie, String origin) throws Exception {
    HttpRequest.Builder request =
        to("/api/upload/csv")
            .header("Content-Type", "text/csv")
            .header("Cookie", cookie)
            .POST(BodyPublishers.ofString("sku,name\nA1,Chair\n"));
    return send(origin.isEmpty() ? request : request.header("Origin", origin));
  }
}
