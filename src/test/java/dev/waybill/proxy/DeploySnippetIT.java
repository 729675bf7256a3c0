package dev.waybill.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the nginx configuration of {@code docs/deploy.md} as it stands there. */
class DeploySnippetIT {

  private static final Pattern SNIPPET = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void closesTheListOfJobsAndTheMetricsAndPassesTheRest() throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess nginx = NginxProcess.startWith(folder, snippet(pod.port()))) {
      for (String path :
          List.of(
              "/api/jobs",
              "/api/jobs?limit=200",
              "/api/jobs;x",
              "/api/%6Aobs",
              "/api/./jobs",
              "//api/jobs",
              "/x/../api/jobs",
              "/x/..;/api/jobs",
              "/actuator",
              "/actuator/prometheus",
              "/%61ctuator/health",
              "/internal/events")) {
        assertThat(get(nginx, path).statusCode()).as(path).isEqualTo(404);
      }
      assertThat(pod.wasAsked()).isFalse();

      for (String path :
          List.of("/", "/api/jobs/1", "/api/jobs/1/events", "/sse/stream?transactionId=1")) {
        var answer =
            http.sendAsync(
                HttpRequest.newBuilder(nginx.uri(path)).build(), BodyHandlers.ofString());
        RecordingPod.Asked asked = pod.next();
        assertThat(asked.head())
            .as(path)
            .startsWith("GET " + path + " HTTP/1.1")
            .contains("Host: 127.0.0.1:" + nginx.port(), "X-Forwarded-For: 127.0.0.1");
        asked.answer("200 OK", "fine");
        assertThat(answer.get().body()).isEqualTo("fine");
      }
    }
  }

  @Test
  void aStreamWhoseServerIsAwayComesBackLater() throws Exception {
    int closed;
    try (RecordingPod pod = new RecordingPod()) {
      closed = pod.port();
    }
    try (NginxProcess nginx = NginxProcess.startWith(folder, snippet(closed))) {
      HttpResponse<String> answer = get(nginx, "/api/jobs/1/events");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("retry: 2000\n\n");
    }
  }

  private static String snippet(int port) throws Exception {
    Matcher found = SNIPPET.matcher(Files.readString(Path.of("docs/deploy.md")));
    assertThat(found.find()).isTrue();
    return found.group(1).replace("127.0.0.1:8080", "127.0.0.1:" + port);
  }

  private HttpResponse<String> get(NginxProcess nginx, String path) throws Exception {
    return http.send(HttpRequest.newBuilder(nginx.uri(path)).build(), BodyHandlers.ofString());
  }
}
