package dev.waybill.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.upload.UploadTestBase;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are meant for this server, and which a page of another site caused. */
class HostTest extends UploadTestBase {

  private static final List<String> PATHS =
      List.of("/", "/api/jobs", "/api/jobs/x/events", "/actuator/prometheus", "/nothing");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:PORT",
        "localhost.evil.example:PORT",
        "127.0.0.1.nip.io:PORT",
        "0.0.0.0:PORT",
        "10.0.0.1:PORT",
        "[2001:db8::8]:PORT",
        "localhost@evil.example",
        "waybill.example.evil.example"
      })
  @Shows({"call.host", "problem.host", "setting.access.hosts"})
  void anotherHostIsRefusedOnEveryPathWithAndWithoutItsOrigin(String host) throws Exception {
    for (String path : PATHS) {
      String name = host.replace("PORT", String.valueOf(port));
      String head = "GET " + path + " HTTP/1.1\nHost: " + name + "\nConnection: close\n";
      for (String more :
          List.of(
              "",
              "Origin: http://" + name + "\n",
              "X-Forwarded-Host: localhost\n",
              "Forwarded: host=localhost\n",
              "X-Original-Host: localhost\n")) {
        String answer = answer(head + more + "\n");
        // Tomcat itself refuses a value that is no host.
        assertThat(answer).as(path + " " + more).containsPattern("\\AHTTP/1.1 40[03] ");
        assertThat(answer)
            .containsAnyOf("urn:waybill:problem:host", "urn:waybill:problem:parameter");
        assertThat(answer).contains("X-Waybill-Pod: ", "Cross-Origin-Resource-Policy: same-origin");
      }
    }
    assertThat(jobs()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /api/jobs HTTP/1.1\nConnection: close\n\n', 400",
    "'GET /api/jobs HTTP/1.1\nHost: localhost\nHost: evil.example\nConnection: close\n\n', 400",
    "'GET http://evil.example/api/jobs HTTP/1.1\nHost: localhost\nConnection: close\n\n', 400",
    "'GET http://evil.example/api/jobs HTTP/1.1\nHost: evil.example\nConnection: close\n\n', 403",
    "'GET http://localhost/api/jobs HTTP/1.1\nHost: localhost\nConnection: close\n\n', 200",
    "'GET /api/jobs HTTP/1.1\nHost: \nConnection: close\n\n', 403",
    "'GET /api/jobs HTTP/1.0\nHost: evil.example\n\n', 403",
    "'GET /api/jobs HTTP/1.0\n\n', 200"
  })
  void noFormOfTheRequestGetsAroundTheCheck(String request, int status) throws Exception {
    assertThat(answer(request)).startsWith("HTTP/1.1 " + status + " ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1:PORT",
        "127.1.2.3",
        "[::1]:PORT",
        "tab.localhost",
        "waybill.example",
        "Waybill.Example.:443",
        "[2001:db8::7]"
      })
  void thisServersNamesAreAllowedWithAnyPort(String host) throws Exception {
    String name = host.replace("PORT", String.valueOf(port));
    assertThat(answer("GET /api/jobs HTTP/1.1\nHost: " + name + "\nConnection: close\n\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cross-site", "same-site", "Cross-Site", "", "nonsense", "none, cross-site"})
  @Shows("call.origin.fetch-site")
  void dataIsNotForAPageOfAnotherSite(String site) throws Exception {
    for (HttpRequest.Builder request :
        List.of(
            to("/api/jobs"),
            to("/api/products?sku=A1"),
            to("/sse/stream?transactionId=x"),
            to("/actuator/prometheus"),
            to("/actuator"),
            csv("", CSV.getBytes(UTF_8)))) {
      HttpResponse<String> answer = send(request.header("Sec-Fetch-Site", site));
      assertRefused(answer, 403, "origin");
    }
  }

  @Test
  @Shows("call.loopback")
  void withoutAccessOnlyMetricsAndKeysAreForThisMachineAlone() throws Exception {
    for (String path :
        List.of("/actuator/prometheus", "/actuator/info", "/actuator", "/api/keys")) {
      assertThat(send(to(path)).statusCode()).as(path).isEqualTo(200);
      assertRefused(send(to(path).header("X-Forwarded-For", "192.0.2.7")), 401, "unauthenticated");
    }
    for (String path : List.of("/api/jobs", "/api/products?sku=A1", "/actuator/health/readiness")) {
      assertThat(send(to(path).header("X-Forwarded-For", "192.0.2.7")).statusCode())
          .as(path)
          .isEqualTo(send(to(path)).statusCode());
    }
    assertThat(send(to("/actuator/health/readiness").header("X-Forwarded-For", "192.0.2.7")).body())
        .isEqualTo("{\"status\":\"UP\"}");
  }

  @Test
  void aLinkToThePageWorksAndSoDoThisServersOwnRequests() throws Exception {
    assertThat(
            send(to("/?job=1")
                    .header("Sec-Fetch-Site", "cross-site")
                    .header("Sec-Fetch-Mode", "navigate"))
                .statusCode())
        .isEqualTo(200);
    for (String site : List.of("same-origin", "none")) {
      assertThat(send(to("/api/jobs").header("Sec-Fetch-Site", site)).statusCode()).isEqualTo(200);
    }
    assertThat(
            send(to("/api/jobs")
                    .header("Sec-Fetch-Site", "cross-site")
                    .header("Origin", "https://shop.example"))
                .statusCode())
        .as("an allowed origin")
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/products?sku=%00",
        "/api/products/%00",
        "/api/products/a%0Ab",
        "/sse/stream?transactionId=%00",
        "/sse/stream?transactionId=x%1fy",
        "/api/jobs?after=%7F",
        "/api/jobs?%0d%0aX:%20y",
        "/api/jobs?after=%C2%85",
        "/nothing%01"
      })
  @Shows("call.control-characters")
  void controlCharactersAreRefusedBeforeAnythingIsAsked(String path) throws Exception {
    String answer = answer("GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("urn:waybill:problem:parameter");
  }

  private String answer(String request) throws IOException {
    try (Socket socket = connected(request)) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
