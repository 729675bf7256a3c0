import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * A backend that writes an answer word by word. It offers the answer in two ways.
 *
 * <p>{@code /stream} sends the words in its response, like the APIs of language models. It needs no
 * code for Waybill. {@code /callback} answers immediately and then reports each word to Waybill.
 */
class Backend {

  private static final String WAYBILL =
      System.getenv().getOrDefault("WAYBILL_URL", "http://localhost:8080");
  private static final long WORD_MILLIS =
      Long.parseLong(System.getenv().getOrDefault("WORD_MILLIS", "150"));
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("BACKEND_PORT", "9000"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/stream", Backend::stream);
    server.createContext("/callback", Backend::callBack);
    server.start();
  }

  private static void stream(HttpExchange exchange) throws IOException {
    List<String> words = answerTo(exchange);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    // If the job is cancelled, Waybill closes the connection, so the next write fails.
    try (exchange;
        var out = exchange.getResponseBody()) {
      for (String word : words) {
        out.write(
            "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n".formatted(json(word)).getBytes());
        out.flush();
        pause();
      }
      out.write("data: [DONE]\n\n".getBytes());
    }
  }

  private static void callBack(HttpExchange exchange) throws IOException {
    List<String> words = answerTo(exchange);
    String job = exchange.getRequestHeaders().getFirst("X-Waybill-Job");
    String token = exchange.getRequestHeaders().getFirst("X-Waybill-Worker-Token");
    exchange.sendResponseHeaders(202, -1);
    exchange.close();
    URI events = URI.create(WAYBILL + "/api/jobs/" + job + "/events");
    for (String word : words) {
      String answer = report(events, token, "{\"event\":\"chunk\",\"text\":%s}".formatted(json(word)));
      if (!answer.contains("\"cancelRequested\":false")) {
        report(events, token, "{\"event\":\"cancelled\"}");
        return;
      }
      pause();
    }
    report(events, token, "{\"event\":\"complete\"}");
  }

  private static String report(URI events, String token, String report) throws IOException {
    var request =
        HttpRequest.newBuilder(events)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(report))
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** The payload of the job is {@code {"prompt": "…"}}. */
  private static List<String> answerTo(HttpExchange exchange) throws IOException {
    String payload = new String(exchange.getRequestBody().readAllBytes());
    String prompt = payload.replaceAll("(?s).*\"prompt\":\"((?:[^\"\\\\]|\\\\.)*)\".*", "$1");
    String answer =
        "You asked: "
            + prompt
            + "\n\nA parcel has a tracking number, so nobody stands at the window and waits for it."
            + " Long work deserves the same. It gets a number at once, it reports where it is, and"
            + " you may look at it from any window: close this tab, reload it, open a second one."
            + " The text so far is there, and the next word comes to all of them.";
    return List.of(answer.split("(?<= )"));
  }

  private static String json(String text) {
    // The prompt is still escaped, because it was taken from the JSON without unescaping it. So
    // only line ends are escaped here.
    return '"' + text.replace("\n", "\\n") + '"';
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(WORD_MILLIS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
