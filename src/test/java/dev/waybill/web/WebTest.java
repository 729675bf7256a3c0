package dev.waybill.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.Pod;
import dev.waybill.upload.UploadTestBase;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class WebTest extends UploadTestBase {

  @Autowired private Pod pod;

  @Test
  @Shows({"call.pod-header", "call.security-headers"})
  void everyAnswerNamesThePodAndProtectsTheBrowser() throws Exception {
    assertThat(pod.id()).matches("[0-9a-f]{16}");
    for (HttpRequest.Builder request :
        List.of(
            to("/"),
            to("/api/jobs/x"),
            to("/nothing"),
            to("/actuator/health/liveness"),
            to("/nothing").header("Origin", "null"),
            to("/api/products?sku=%00"),
            to("/sse/stream?transactionId=x"),
            to("/waybill.svg"),
            csv("", CSV.getBytes(UTF_8)))) {
      HttpResponse<String> answer = send(request);
      assertThat(answer.headers().allValues("X-Waybill-Pod"))
          .as(answer.toString())
          .containsExactly(pod.id());
      SecurityHeaders.ALL.forEach(
          (name, value) ->
              assertThat(answer.headers().allValues(name)).as(name).containsExactly(value));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing, 404, not-found",
    "GET, /nothing.html, 404, not-found",
    "PUT, /api/upload/csv, 405, method",
    "GET, /api/upload/csv, 405, method",
    "GET, /error, 404, not-found"
  })
  void whatNobodyAnswersIsAProblem(String method, String path, int status, String name)
      throws Exception {
    HttpResponse<String> answer =
        send(
            to(path).method(method, BodyPublishers.noBody()).header("Accept", "text/event-stream"));
    assertProblem(answer, status, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE"})
  void aFormThatCannotBeDecodedIsNoServerError(String method) throws Exception {
    HttpResponse<String> answer =
        send(
            to("/api/upload/csv")
                .method(method, BodyPublishers.ofString("a=%PDF"))
                .header("Content-Type", "application/x-www-form-urlencoded"));
    assertProblem(answer, 405, "method");
  }

  @Test
  void whatIsAnsweredByAStatusAloneIsAProblem() throws Exception {
    assertProblem(send(to("/actuator/health/nothing")), 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "https://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:PORT",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "file://",
        "nonsense"
      })
  @Shows({"call.origin", "problem.origin"})
  void anotherOriginIsRefusedOnEveryPathAndMethod(String origin) throws Exception {
    String sent = origin.replace("PORT", String.valueOf(port));
    for (HttpRequest.Builder request :
        List.of(
            to("/"),
            to("/actuator/health"),
            to("/api/jobs/x/events"),
            to("/api/jobs/x").DELETE(),
            csv("", CSV.getBytes(UTF_8)),
            to("/api/upload/csv")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Access-Control-Request-Method", "POST"))) {
      HttpResponse<String> answer = send(request.header("Origin", sent));
      assertProblem(answer, 403, "origin");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
    assertThat(jobs()).isZero();
  }

  @Test
  @Shows("call.origin.own")
  void thisServersOwnPagesMayCall() throws Exception {
    HttpResponse<String> answer =
        send(csv("", CSV.getBytes(UTF_8)).header("Origin", "http://127.0.0.1:" + port));
    assertThat(answer.statusCode()).isEqualTo(202);
    answer = send(csv("", CSV.getBytes(UTF_8)).header("Origin", "https://127.0.0.1:" + port));
    assertThat(answer.statusCode()).as("a proxy took TLS off").isEqualTo(202);
  }

  @Test
  @Shows({"call.origin.allowed", "setting.cors.allowed-origins"})
  void anAllowedOriginMayCallAndSeeTheHeaders() throws Exception {
    HttpResponse<String> answer =
        send(csv("", CSV.getBytes(UTF_8)).header("Origin", "https://shop.example"));
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .hasValue("https://shop.example");
    assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
        .contains("Location", "Retry-After", "ETag", "Preference-Applied", "X-Waybill-Pod");
    assertThat(answer.headers().allValues("Vary")).contains("Origin");
  }

  @Test
  void anAllowedOriginsPreflightIsAnswered() throws Exception {
    HttpResponse<String> answer = preflight("DELETE");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
        .contains("DELETE", "PUT", "PATCH");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
        .isEqualTo("idempotency-key, last-event-id");
    assertThat(answer.headers().firstValue("X-Waybill-Pod")).hasValue(pod.id());
  }

  @Test
  void aPreflightForAnotherMethodIsAProblem() throws Exception {
    assertProblem(preflight("TRACE"), 403, "origin");
  }

  private HttpResponse<String> preflight(String method) throws IOException, InterruptedException {
    return send(
        to("/api/jobs/x")
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", "https://shop.example")
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", "idempotency-key, last-event-id"));
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void aRequestThatNoCallAnswersLogsNothing(CapturedOutput output) throws Exception {
    for (String request :
        List.of(
            "POST /api/jobs/x/products HTTP/1.1\nHost: localhost\nConnection: close\n\n",
            "GET / HTTP/1.1\nHost: localhost\nAccept: text/\nConnection: close\n\n")) {
      try (Socket socket = connected(request)) {
        socket.getInputStream().readAllBytes();
      }
    }
    assertThat(output.getAll()).doesNotContain("not supported", "invalid Accept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept:", "Accept: ", "Accept: ,", "Accept:\nAccept: , ,"})
  void aBlankAcceptIsNoServerError(String accept) throws Exception {
    for (String path : List.of("/actuator/prometheus", "/actuator/health", "/api/jobs", "/")) {
      String request = "GET %s HTTP/1.1\nHost: localhost\n%s\nConnection: close\n\n";
      try (Socket socket = connected(request.formatted(path, accept))) {
        String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).as(path).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a%2Fb HTTP/1.1\nHost: x\n\n",
        "GET /a|b HTTP/1.1\nHost: x\n\n",
        "GET /%zz HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\n\n",
        "TRACE / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\nHost: x\nAccept: ,\nAccept: a\u001db\n\n",
        "NONSENSE / HTTP/1.1\nHost: x\n\n"
      })
  void whatTheContainerRefusesIsAProblemAsWell(String request) throws Exception {
    try (Socket socket = connected(request.replace("\n\n", "\nConnection: close\n\n"))) {
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer)
          .startsWith("HTTP/1.1 4")
          .contains("X-Waybill-Pod: " + pod.id())
          .contains("X-Content-Type-Options: nosniff")
          .contains("Content-Security-Policy: " + SecurityHeaders.CONTENT_SECURITY_POLICY)
          .contains("Content-Type: application/problem+json")
          .contains("\"type\":\"urn:waybill:problem:")
          .doesNotContain("Tomcat", "Exception", "\tat ");
    }
  }

  private void assertProblem(HttpResponse<String> answer, int status, String name) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).get("type").asString()).isEqualTo("urn:waybill:problem:" + name);
    assertThat(json(answer).get("detail").asString()).isNotBlank();
  }
}
