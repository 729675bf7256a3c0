package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Requests that no good client sends, each drawn from the given random numbers alone. */
final class OddRequest {

  private static final List<String> METHODS =
      List.of("GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "DELETE", "PUT", "PATCH");
  private static final List<String> ODD_METHODS =
      List.of("OPTIONS", "TRACE", "CONNECT", "NONSENSE", "get", "G\u00e4T", "");
  private static final List<String> PATHS =
      choices(
          "/api/upload/csv~/api/upload/csv~/api/jobs~/api/jobs/ID~/api/jobs/ID/events~"
              + "/api/jobs/ID/products~/api/jobs/ID/rejections~/api/upload/sse/ID~/sse/stream~"
              + "/api/products~/api/products/A1~/actuator/health/liveness~"
              + "/actuator/health/readiness~/actuator/prometheus~/actuator~/internal/events~"
              + "/error~/openapi.yaml~/~/nowhere");
  private static final List<String> ODD_PIECES =
      choices(
          "%2F~%00~%~%zz~%C0%AF~%FF~%E2%82~..;/~//~/../~/./~;a=b~+~\u00e9~|~{}~\"~<~\\~^~"
              + "%0d%0aX: y~'~\u0000~ ~\t~%252F~*~?~#~%F0%9F%9A%9A");
  private static final List<String> QUERIES =
      choices(
          "limit~after~lastEventId~transactionId~charset~delimiter~map~dryRun~fileName~sku~"
              + "nonsense");
  private static final List<String> VALUES =
      choices(
          "~0~1~-1~200~201~1e9~99999999999999999999~true~null~ID~UTF-8~utf-7~IBM1047~"
              + "UTF-16~comma~sku:name~::~1-1~1-0~9-99999999999999999999~999999999-1~0-1~a-b~-~"
              + "\u00e9~%00~x,y;z~*");
  private static final List<String> HEADERS =
      choices(
          "Accept~Accept-Encoding~Accept-Language~Accept-Charset~Last-Event-ID~Prefer~"
              + "If-None-Match~If-Match~If-Modified-Since~If-Unmodified-Since~Range~If-Range~"
              + "Origin~Referer~Content-Encoding~Content-Language~Idempotency-Key~Expect~"
              + "X-HTTP-Method-Override~X-Forwarded-For~X-Forwarded-Prefix~Forwarded~Cookie~"
              + "Authorization~Upgrade~Access-Control-Request-Method~X-Waybill-Pod~Trailer~TE");
  private static final List<String> HEADER_VALUES =
      choices(
          "~*~*/*~text/csv~application/json~application/x-ndjson~text/event-stream~"
              + "image/png~text/~/~;;;~a/b;q=2~text/*;q=nan~\"~\"\"~W/\"\"~W/\"x~\"a\", \"b\"~"
              + "gzip~br~identity;q=0~wait=0~wait=1~wait=-1~wait=abc~wait~respond-async, wait=1~"
              + "bytes=0-1~bytes=9-1~bytes=-0~bytes=0-0,2-3,5-~bytes=999999999999999999999-~"
              + "lines=1-2~null~http://~https://evil.example~http://[::1~1-1~0-1~x-1~99999-99999~"
              + "-1--1~Thu, 01 Jan 1970 00:00:00 GMT~yesterday~de;q=x~utf-7~100-continue~200-ok~"
              + "h2c~websocket~for=_x;proto=~\u00e9\u00fc~a\tb~=~,~,,,~\u0001~\u007f~PATCH");
  private static final List<String> CONTENT_TYPES =
      List.of(
          "text/csv",
          "text/csv;charset=utf-8",
          "text/csv;charset=nonsense",
          "text/csv;charset=\"",
          "multipart/form-data; boundary=cut",
          "multipart/form-data; boundary=cut",
          "multipart/form-data; boundary=\"",
          "multipart/form-data; boundary=",
          "multipart/form-data",
          "multipart/mixed; boundary=cut",
          "application/x-www-form-urlencoded",
          "application/json",
          "text",
          "/",
          "");
  private static final List<String> CSV_PIECES =
      choices(
          "sku,name\n~sku;name\n~sku,name,price,_row,_error\n~A1,Chair\n~A2,\"Cha\nir\"~\"~"
              + ",~\n~\r~\r\n~\0~\u00ef\u00bb\u00bf~\u00ff\u00fe~A3,\u00e9\n~=cmd|x,1\n~,,,,,,\n~"
              + "PK\u0003\u0004~%PDF-1.7~sku,sku\n~'~\t~|");
  private static final List<String> PART_HEADS =
      List.of(
          "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n",
          "Content-Disposition: form-data; name=\"file\"; filename=\"..\\\u0000/\"\r\n\r\n",
          "Content-Disposition: form-data; name=file\r\nContent-Encoding: gzip\r\n\r\n",
          "Content-Disposition: form-data; name=\"other\"\r\n\r\n",
          "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%zz\r\n\r\n",
          "Content-Disposition: =?;;\"\r\n\r\n",
          "X\r\n\r\n",
          "\r\n",
          "");

  private static List<String> choices(String joined) {
    return List.of(joined.split("~", -1));
  }

  private final Random random;
  private final String jobId;

  /**
   * @param jobId the ID of a job that exists
   */
  OddRequest(Random random, String jobId) {
    this.random = random;
    this.jobId = jobId;
  }

  /** The next request, head and body, ready to send. */
  byte[] next() {
    if (random.nextInt(100) == 0) {
      return noise(1 + random.nextInt(300));
    }
    boolean hasBody = random.nextInt(3) == 0;
    String method = random.nextInt(25) == 0 ? one(ODD_METHODS) : one(METHODS);
    String path = hasBody ? "/api/upload/csv" : path();
    StringBuilder head = new StringBuilder(hasBody && random.nextInt(8) > 0 ? "POST" : method);
    head.append(' ').append(path).append(query());
    head.append(random.nextInt(60) == 0 ? " HTTP/9.9" : " HTTP/1.1").append("\r\n");
    if (random.nextInt(60) > 0) {
      head.append("Host: 127.0.0.1\r\n");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      head.append(one(HEADERS)).append(": ").append(headerValue()).append("\r\n");
    }
    if (random.nextInt(80) == 0) {
      head.append(one(List.of("no colon", ": nameless", " folded: x", "a b: c", "\u0000: x")));
      head.append("\r\n");
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    byte[] body = hasBody ? body(head) : new byte[0];
    head.append("\r\n");
    request.writeBytes(head.toString().getBytes(ISO_8859_1));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private String path() {
    String path = one(PATHS).replace("ID", id());
    if (random.nextInt(4) == 0) {
      int at = random.nextInt(path.length() + 1);
      path = path.substring(0, at) + one(ODD_PIECES) + path.substring(at);
    }
    return random.nextInt(200) == 0 ? path + "x".repeat(9_000) : path;
  }

  private String id() {
    return switch (random.nextInt(4)) {
      case 0 -> "unknown";
      case 1 -> jobId.substring(random.nextInt(jobId.length()));
      default -> jobId;
    };
  }

  private String query() {
    StringBuilder query = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      query.append(query.isEmpty() ? '?' : '&').append(one(QUERIES)).append('=');
      query.append(one(VALUES).replace("ID", jobId));
      if (random.nextInt(8) == 0) {
        query.append(one(ODD_PIECES));
      }
    }
    return query.toString();
  }

  private String headerValue() {
    return switch (random.nextInt(12)) {
      case 0 -> one(VALUES).replace("ID", jobId);
      case 1 -> "x".repeat(random.nextInt(5_000));
      case 2 -> new String(noise(20), ISO_8859_1).replaceAll("[\r\n]", "");
      default -> one(HEADER_VALUES);
    };
  }

  /** A body. Adds its headers to the head. */
  private byte[] body(StringBuilder head) {
    String type = one(CONTENT_TYPES);
    head.append("Content-Type: ").append(type).append("\r\n");
    byte[] body = type.startsWith("multipart") ? multipart() : csv();
    if (random.nextInt(6) == 0) {
      body = gzip(body);
      head.append(random.nextBoolean() ? "Content-Encoding: gzip\r\n" : "");
    }
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        head.append("Transfer-Encoding: chunked\r\n");
        return chunked(body);
      }
      case 3 -> head.append("Content-Length: ").append(one(VALUES)).append("\r\n");
      case 4 -> head.append("Content-Length: ").append(body.length + 7).append("\r\n");
      case 5 -> {
        head.append("Content-Length: 3\r\nTransfer-Encoding: ");
        head.append(one(List.of("chunked", "gzip", "nonsense", "chunked, chunked"))).append("\r\n");
      }
      default -> head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return body;
  }

  private byte[] csv() {
    if (random.nextInt(6) == 0) {
      return noise(random.nextInt(5_000));
    }
    StringBuilder csv = new StringBuilder(random.nextInt(4) > 0 ? "sku,name\n" : "");
    for (int i = random.nextInt(20); i > 0; i--) {
      csv.append(one(CSV_PIECES));
    }
    return csv.toString().getBytes(random.nextBoolean() ? ISO_8859_1 : UTF_8);
  }

  private byte[] multipart() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = random.nextInt(4); i > 0; i--) {
      body.writeBytes((random.nextInt(10) > 0 ? "--cut\r\n" : "--cu\r\n").getBytes(ISO_8859_1));
      body.writeBytes(one(PART_HEADS).getBytes(ISO_8859_1));
      body.writeBytes(csv());
      body.writeBytes((random.nextInt(10) > 0 ? "\r\n" : "").getBytes(ISO_8859_1));
    }
    body.writeBytes((random.nextInt(4) > 0 ? "--cut--\r\n" : "--cut").getBytes(ISO_8859_1));
    return body.toByteArray();
  }

  private byte[] chunked(byte[] body) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    int from = 0;
    while (from < body.length) {
      int length = Math.min(1 + random.nextInt(700), body.length - from);
      String size = random.nextInt(20) == 0 ? one(VALUES) : Integer.toHexString(length);
      chunks.writeBytes((size + "\r\n").getBytes(ISO_8859_1));
      chunks.write(body, from, length);
      chunks.writeBytes("\r\n".getBytes(ISO_8859_1));
      from += length;
    }
    chunks.writeBytes(
        one(List.of("0\r\n\r\n", "0\r\n\r\n", "0\r\n", "", "0\r\nX: y\r\n\r\n", "-1\r\n"))
            .getBytes(ISO_8859_1));
    return chunks.toByteArray();
  }

  private byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] zipped = out.toByteArray();
    if (random.nextInt(3) == 0) {
      zipped[random.nextInt(zipped.length)] ^= 1;
    }
    return zipped;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
