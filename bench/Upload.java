import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Uploads a CSV to Waybill as a raw body and watches until the job has ended: {@code java
 * bench/Upload.java http://127.0.0.1:8080 FILE.csv [QUERY]}. Prints the number of rows, the seconds
 * from the first byte sent to the final event, and the milliseconds from the last byte sent to the
 * 202. (curl can report the milliseconds only since version 8.10.)
 */
final class Upload {

  private static final int PIECE = 256 * 1024;

  private final URI service;

  /** The result and the times of an import. */
  record Result(long rows, double seconds, double answerMillis) {}

  Upload(URI service) {
    this.service = service;
  }

  public static void main(String[] arguments) throws IOException {
    Upload upload = new Upload(URI.create(arguments[0]));
    // This request makes the JVM load the classes of the HTTP client before the measurement starts.
    upload.connect("/actuator/health/readiness").getResponseCode();
    String query = arguments.length > 2 ? "&" + arguments[2] : "";
    Result result = upload.run(Path.of(arguments[1]), query);
    System.out.printf(
        Locale.ROOT, "%d %.2f %.1f%n", result.rows(), result.seconds(), result.answerMillis());
  }

  Result run(Path file) throws IOException {
    return run(file, "");
  }

  private Result run(Path file, String query) throws IOException {
    long begin = System.nanoTime();
    HttpURLConnection post = connect("/api/upload/csv?fileName=" + file.getFileName() + query);
    post.setRequestMethod("POST");
    post.setRequestProperty("Content-Type", "text/csv");
    post.setDoOutput(true);
    post.setFixedLengthStreamingMode(Files.size(file));
    byte[] buffer = new byte[PIECE];
    try (OutputStream body = post.getOutputStream();
        InputStream bytes = Files.newInputStream(file)) {
      for (int length; (length = bytes.read(buffer)) > 0; ) {
        body.write(buffer, 0, length);
      }
    }
    long sent = System.nanoTime();
    int status = post.getResponseCode();
    long answered = System.nanoTime();
    if (status != 202) {
      throw new IOException("the upload was answered with " + status + ": " + text(post));
    }
    String id = find("\"transactionId\"\\s*:\\s*\"([^\"]+)\"", text(post));

    String last = watch(id);
    return new Result(
        Long.parseLong(find("\"rows\"\\s*:\\s*(\\d+)", last)),
        (System.nanoTime() - begin) / 1e9,
        (answered - sent) / 1e6);
  }

  /** Watches a job. Returns the data of its event {@code complete}. */
  private String watch(String id) throws IOException {
    HttpURLConnection events = connect("/api/jobs/" + id + "/events");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(events.getInputStream(), StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event:")) {
          event = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:")) {
          switch (event) {
            case "complete":
              return line;
            case "error", "cancelled":
              throw new IOException("the import ended with " + event + ": " + line);
            default:
              break;
          }
        }
      }
    }
    throw new IOException("the stream ended before the import did");
  }

  private HttpURLConnection connect(String path) throws IOException {
    return (HttpURLConnection) service.resolve(path).toURL().openConnection();
  }

  private static String text(HttpURLConnection answer) throws IOException {
    try (InputStream body =
        answer.getResponseCode() < 400 ? answer.getInputStream() : answer.getErrorStream()) {
      return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String find(String pattern, String text) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) {
      throw new IOException("no " + pattern + " in " + text);
    }
    return found.group(1);
  }
}
