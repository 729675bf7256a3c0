package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * Requests just below, at and just beyond the limits of {@code docs/limits.md}, each drawn from the
 * given random numbers alone. Apart from that they are well formed.
 */
final class LimitRequest {

  private final Random random;
  private final String jobId;

  LimitRequest(Random random, String jobId) {
    this.random = random;
    this.jobId = jobId;
  }

  /** The next request, head and body, ready to send. */
  byte[] next() {
    return switch (random.nextInt(18)) {
      case 0 -> get("/api/jobs?limit=" + around(200), "");
      case 1 -> get("/api/jobs/" + jobId + "/products?limit=" + around(200), "");
      case 2 -> get("/api/jobs/" + jobId, "Prefer: wait=" + random.nextInt(2) + "\r\n");
      case 3 -> get("/" + "p".repeat(around(8 * 1024 - 150)), "");
      case 4 -> get("/", "X-Long: " + "h".repeat(around(8 * 1024 - 150)) + "\r\n");
      case 5 -> get("/", "X: y\r\n".repeat(around(100)));
      case 6 -> get("/api/jobs?" + "a=b&".repeat(around(1_000)), "");
      case 7 -> get("/api/products/" + "s".repeat(around(64)), "");
      case 8 -> csv("?fileName=" + "f".repeat(around(255)), "", rows(1));
      case 9 -> csv("", "Idempotency-Key: " + "k".repeat(around(255)) + "\r\n", rows(1));
      case 10 -> csv("", "", "sku,name\n" + "s".repeat(around(64)) + ",n\n");
      case 11 -> csv("", "", "sku,name\nA1," + "n".repeat(around(255)) + "\n");
      case 12 -> csv("", "", "sku,name,a\nA1,n," + "v".repeat(around(256 << 10)) + "\n");
      case 13 -> csv("", "", "sku,name,a\nA1,n," + "v".repeat(around(1 << 20)) + "\n");
      case 14 -> csv("", "", "sku,name,a\nA1,n,\"" + "\n".repeat(around(5_000)) + "\"\n");
      case 15 -> columns(one(List.of(256, 1_000)), 1);
      case 16 -> columns(64, one(List.of(1_000, 1_000, 1_024)));
      default -> multipart();
    };
  }

  /** The limit itself, one less or one more, and rarely much more. */
  private int around(int limit) {
    return random.nextInt(10) == 0 ? limit * 2 : limit - 1 + random.nextInt(3);
  }

  private byte[] get(String path, String headers) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n").getBytes(UTF_8);
  }

  private byte[] columns(int count, int nameLength) {
    StringBuilder header = new StringBuilder("sku,name");
    StringBuilder row = new StringBuilder("A1,n");
    for (int i = around(count); i > 2; i--) {
      header.append(',').append("c".repeat(Math.max(1, nameLength - 5))).append(i);
      row.append(",v");
    }
    return csv("", "", header + "\n" + row + "\n");
  }

  private byte[] csv(String query, String headers, String csv) {
    byte[] body = csv.getBytes(UTF_8);
    boolean zipped = random.nextBoolean();
    return post(query, "Content-Type: text/csv\r\n" + headers, zipped ? gzip(body) : body);
  }

  private byte[] multipart() {
    String name = "f".repeat(around(one(List.of(255, 16 * 1024 - 80))));
    String part =
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n";
    String others =
        "--cut\r\nContent-Disposition: form-data; name=\"o\"\r\n\r\n\r\n"
            .repeat(random.nextInt(4) == 0 ? around(1_000) : 0);
    String body = others + part + rows(1) + "\r\n--cut--\r\n";
    return post("", "Content-Type: multipart/form-data; boundary=cut\r\n", body.getBytes(UTF_8));
  }

  private static byte[] post(String query, String headers, byte[] body) {
    String head =
        "POST /api/upload/csv%s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(query, headers, body.length);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(UTF_8));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static String rows(int count) {
    return "sku,name\n" + "A1,Chair\n".repeat(count);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
