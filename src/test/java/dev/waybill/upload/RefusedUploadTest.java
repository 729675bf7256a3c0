package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Refused uploads: status and problem name of each, and that nothing is kept. */
class RefusedUploadTest extends UploadTestBase {

  @Autowired private OpenUploads openUploads;

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "application/json",
        "application/x-www-form-urlencoded",
        "application/gzip",
        "text/plain",
        "nonsense",
        "multipart/mixed; boundary=cut",
        "multipart/form-data"
      })
  @Shows({
    "upload.other-type",
    "check.media-type",
    "problem.media-type",
    "check.nothing-stays",
    "problem.form"
  })
  void anotherMediaTypeIsRefusedWithInstructions(String type) throws Exception {
    var request = to("/api/upload/csv").POST(BodyPublishers.ofString("{\"path\":\"/x.csv\"}"));
    if (type != null) {
      request.header("Content-Type", type);
    }
    JsonNode problem = assertRefused(send(request), 415, "media-type");
    assertThat(problem.get("detail").asString()).contains("curl -F file=@products.csv");
  }

  @Test
  @Shows("check.media-type")
  void anotherContentEncodingIsRefused() throws Exception {
    assertRefused(
        send(csv("", CSV.getBytes(UTF_8)).header("Content-Encoding", "br")), 415, "media-type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "charset=klingon",
        "charset=",
        "charset=utf-8&charset=utf-8",
        "delimiter=%2C%2C",
        "delimiter=%22",
        "headerLine=0",
        "headerLine=2000",
        "escape=slash",
        "delimiter=Comma",
        "map=Titel",
        "map=:name",
        "map=Titel:title",
        "map=Titel:name&map=Titel:brand",
        "dryRun=yes",
        "dryRun"
      })
  @Shows({"check.parameter", "problem.parameter"})
  void aParameterThatMakesNoSenseIsRefused(String query) throws Exception {
    assertRefused(upload("?" + query, CSV), 400, "parameter");
  }

  @Test
  void aQueryThatIsNotPercentEncodedIsRefused() throws Exception {
    try (Socket socket = connected(head(0).replace("csv HTTP", "csv?fileName=%E HTTP"))) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 400").contains("problem:parameter");
    }
  }

  @Test
  @Shows("check.order")
  void theMediaTypeIsCheckedBeforeTheParametersAndThoseBeforeTheSize() throws Exception {
    byte[] large = new byte[1_100_000];
    assertRefused(
        send(to("/api/upload/csv?dryRun=x").POST(BodyPublishers.ofByteArray(large))),
        415,
        "media-type");
    assertRefused(send(csv("?dryRun=x", large)), 400, "parameter");
    assertRefused(send(csv("", large)), 413, "too-large");
  }

  @Test
  @Shows({"check.size", "problem.too-large", "check.nothing-stays", "setting.upload.max-size"})
  void aFileOverTheLimitIsRefusedHoweverItComes() throws Exception {
    byte[] large = ("sku,name\n" + "x".repeat((1 << 20) - 8)).getBytes(UTF_8);
    assertRefused(send(csv("", large)), 413, "too-large");
    assertRefused(send(csv("", gzip(large))), 413, "too-large");
    assertRefused(
        send(
            to("/api/upload/csv")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))),
        413,
        "too-large");
    String part = "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
    assertRefused(
        multipart("", (part + new String(large, UTF_8) + "\r\n--cut--\r\n").getBytes(UTF_8)),
        413,
        "too-large");
  }

  @Test
  @Shows({"upload.inflated", "check.size"})
  void aGzipBombEndsAtTheLimit() throws Exception {
    byte[] bomb = gzip(new byte[64 << 20]);
    assertRefused(send(csv("", bomb)), 413, "too-large");
    String head = "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
    byte[] body = (head + new String(bomb, ISO_8859_1) + "\r\n--cut--\r\n").getBytes(ISO_8859_1);
    assertRefused(multipart("", body), 413, "too-large");
    byte[] skippedPart = (head.replace("file", "x") + "\0".repeat(64 << 20)).getBytes(ISO_8859_1);
    assertRefused(
        send(
            to("/api/upload/csv")
                .header("Content-Type", "multipart/form-data; boundary=cut")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip(skippedPart)))),
        413,
        "too-large");
  }

  @Test
  @Shows({"check.empty", "problem.file-empty"})
  void anEmptyFileIsRefused() throws Exception {
    assertRefused(upload("", ""), 400, "file-empty");
    assertRefused(send(csv("", gzip(new byte[0]))), 400, "file-empty");
    assertRefused(send(csv("", new byte[0]).header("Content-Encoding", "gzip")), 400, "file-empty");
    String body = "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\r\n--cut--\r\n";
    assertRefused(multipart("", body.getBytes(UTF_8)), 400, "file-empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no multipart at all",
        "--cut--\r\n",
        "--cut\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\nsku,name\r\n--cut--\r\n",
        "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nsku,name\r\n",
        "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nsku,name\r\n--cu",
        "--cut\r\nContent-Disposition: form-d"
      })
  @Shows({"check.present", "problem.file-missing"})
  void aMultipartBodyWithoutAWholeFileIsRefused(String body) throws Exception {
    assertRefused(multipart("", body.getBytes(UTF_8)), 400, "file-missing");
  }

  @Test
  void twoFilesAtOnceAreRefused() throws Exception {
    String part = "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nsku,name\r\n";
    assertRefused(multipart("", (part + part + "--cut--").getBytes(UTF_8)), 400, "parameter");
  }

  @ParameterizedTest
  @CsvSource({"'PK\u0003\u0004x', ZIP", "%PDF-1.7, PDF", "sku\0name, NUL"})
  @Shows({"check.text", "problem.not-text"})
  void whatIsNotTextIsNamed(String content, String named) throws Exception {
    JsonNode problem = assertRefused(upload("", content), 415, "not-text");
    assertThat(problem.get("detail").asString()).contains(named);
  }

  @Test
  void damagedGzipIsRefused() throws Exception {
    byte[] whole = gzip(CSV.getBytes(UTF_8));
    assertRefused(send(csv("", Arrays.copyOf(whole, whole.length - 1))), 415, "not-text");
    assertRefused(send(csv("", Arrays.copyOf(whole, 5))), 415, "not-text");
    byte[] wrong = whole.clone();
    wrong[whole.length - 5] ^= 1;
    assertRefused(send(csv("", wrong)), 415, "not-text");
    assertRefused(
        send(csv("", CSV.getBytes(UTF_8)).header("Content-Encoding", "gzip")), 415, "not-text");
  }

  @Test
  @Shows({
    "check.header",
    "check.mapping",
    "problem.header",
    "problem.column-missing",
    "problem.mapping"
  })
  void aHeaderThatCannotBeImportedIsRefused() throws Exception {
    assertRefused(upload("", "\n \n"), 422, "header");
    assertRefused(upload("", "\"sku,name\n"), 422, "header");
    assertRefused(upload("", "sku,name,sku\n"), 422, "mapping");
    assertRefused(upload("", "id,title\n"), 422, "column-missing");
    assertRefused(upload("?map=Title:name", "sku,name,Titel\n"), 422, "mapping");
  }

  @Test
  @Shows({"check.queue", "problem.queue-full", "setting.upload.max-queued-jobs"})
  void aFullQueueIsRefusedUntilItHasRoom() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(upload("", CSV).statusCode()).isEqualTo(202);
    }
    HttpResponse<String> refused = upload("", CSV);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(json(refused).get("type").asString()).isEqualTo("urn:waybill:problem:queue-full");
    assertThat(files.names()).hasSize(3);
    assertThat(upload("", "nonsense,colour").statusCode()).isEqualTo(422);
    database.sql("UPDATE job SET status = 'CANCELLED'").update();
    assertThat(upload("", CSV).statusCode()).isEqualTo(202);
  }

  @Test
  @Shows({"check.disk", "problem.disk-full"})
  void aFullDiskIsReportedWhileTheBodyStillArrives() throws Exception {
    files.fill(true);
    HttpResponse<String> whole = upload("", CSV);
    assertRefused(whole, 503, "disk-full");
    assertThat(whole.headers().firstValue("Retry-After")).isPresent();
    try (Socket socket = connected(head(1_000_000))) {
      socket.getOutputStream().write(new byte[500_000]);
      assertThat(answer(socket)).startsWith("HTTP/1.1 503").contains("disk-full");
    }
  }

  @Test
  @Shows("check.nothing-stays")
  void aBrokenOffUploadLeavesNothing() throws Exception {
    try (Socket socket = connected(head(5000) + "sku,name\nA1,Chair\n")) {
      await().until(() -> !files.names().isEmpty());
      assertThat(files.names()).singleElement().asString().endsWith(".part");
    }
    await().until(() -> files.names().isEmpty());
    assertThat(jobs()).isZero();
  }

  @Test
  @Shows("check.nothing-stays")
  void halfAMultipartBodyLeavesNothing() throws Exception {
    String body = "--cut\nContent-Disposition: form-data; name=\"file\"\n\nsku,name\nA1,Cha";
    try (Socket socket =
        connected(head(5000).replace("text/csv", "multipart/form-data; boundary=cut") + body)) {
      await().until(() -> !files.names().isEmpty());
    }
    await().until(() -> files.names().isEmpty());
    assertThat(jobs()).isZero();
  }

  @Test
  void aClientThatOnlyStopsSendingLearnsThatTheBodyIsIncomplete() throws Exception {
    try (Socket socket = connected(head(5000) + "sku,name\n")) {
      socket.shutdownOutput();
      assertThat(answer(socket)).startsWith("HTTP/1.1 400").contains("incomplete");
    }
    String chunked = head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    try (Socket socket = connected(chunked + "A\nsku,name\n\nnonsense\n")) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 400").contains("incomplete");
    }
    assertThat(files.names()).isEmpty();
    assertThat(jobs()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "text/csv"})
  void aRefusalReachesAClientThatSendsALargeBodyFirst(String type) throws Exception {
    int size = 200 << 20;
    try (Socket socket = connected(head(size).replace("text/csv", type))) {
      OutputStream out = socket.getOutputStream();
      byte[] block = new byte[1 << 20];
      for (int sent = 0; sent < size; sent += block.length) {
        out.write(block);
      }
      assertThat(answer(socket)).contains("urn:waybill:problem:");
    }
    assertThat(files.names()).isEmpty();
  }

  @Test
  void aClientThatAsksFirstIsRefusedBeforeItSends() throws Exception {
    try (Socket socket =
        connected(head(200 << 20).replace("text/csv", "text/plain\nExpect: 100-continue"))) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 415");
    }
  }

  private static String head(int length) {
    return "POST /api/upload/csv HTTP/1.1\n"
        + "Host: localhost\n"
        + "Content-Type: text/csv\n"
        + "Content-Length: "
        + length
        + "\n\n";
  }

  /** What the server sends, until its JSON ends. */
  private static String answer(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    int next;
    while ((next = in.read()) >= 0 && next != '}') {
      answer.append((char) next);
    }
    return answer.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1001, 50_001})
  void aColumnNameThatIsTooLongIsRefused(int length) throws Exception {
    JsonNode problem = assertRefused(upload("", "sku,name," + "x".repeat(length)), 422, "header");
    assertThat(problem.toString()).hasSizeLessThan(1000);
  }

  @Test
  void aHeaderThatIsTooLargeIsRefused() throws Exception {
    String header = "sku,name" + ("," + "y".repeat(99)).repeat(700);
    assertRefused(upload("", header + "\n1,2\n"), 422, "header");
  }

  @Test
  void aHeaderBehindManyBlankLinesIsRefused() throws Exception {
    assertRefused(upload("", "\n".repeat(1001) + CSV), 422, "header");
    assertThat(upload("", "\n".repeat(1000) + CSV).statusCode()).isEqualTo(202);
  }

  @Test
  void aHeaderThatTheWindowCutsIsRefused() throws Exception {
    // The window ends after the second name. Without the check, the column price would be lost
    // silently.
    String blanks = (" ".repeat(1022) + "\n").repeat(600);
    String padding = blanks.substring(0, FileCheck.HEADER_WINDOW - "sku,name".length() - 1) + "\n";
    assertRefused(upload("", padding + "sku,name,price\n1,2,3\n"), 422, "header");
  }

  @Test
  @Shows("problem.quota")
  void uploadsInProgressAreLimitedForEachCaller() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        open.add(connected(head(9)));
      }
      await().until(() -> openUploads.count() == 20);

      HttpResponse<String> refused = upload("", CSV);
      assertThat(json(refused).get("type").asString()).isEqualTo("urn:waybill:problem:quota");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");

      try (Socket other = connected("127.0.0.2", head(9) + "sku,name\n")) {
        assertThat(answer(other)).startsWith("HTTP/1.1 202");
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    await().until(() -> openUploads.count() == 0);
    assertThat(upload("", CSV).statusCode()).isEqualTo(202);
  }

  @Test
  void aMillionEmptyPartsAreRefusedAtOnce() throws Exception {
    String part = "--cut\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n";
    byte[] body = gzip(part.repeat(1_000_000).getBytes(UTF_8));
    long before = System.nanoTime();
    assertRefused(
        send(
            to("/api/upload/csv")
                .header("Content-Type", "multipart/form-data; boundary=cut")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(body))),
        400,
        "file-missing");
    assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L);
  }

  @Test
  void otherPartsThanTheFileAreLimitedTogether() throws Exception {
    String head = "--cut\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n";
    String body = (head + "x".repeat(600_000) + "\r\n").repeat(2) + "--cut--\r\n";
    assertRefused(multipart("", body.getBytes(UTF_8)), 413, "too-large");
  }

  @Test
  void aFloodOfMappingsIsRefusedInAShortAnswer() throws Exception {
    String query = "?map=a:name" + "&map=a:b".repeat(500) + "&charset=" + "c".repeat(2000);
    JsonNode problem = assertRefused(upload(query, CSV), 400, "parameter");
    assertThat(problem.get("detail").asString()).hasSizeLessThan(400);
    String maps =
        IntStream.range(0, 500).mapToObj(i -> "map=c" + i + ":name").collect(joining("&"));
    assertRefused(upload("?" + maps, CSV), 400, "parameter");
  }

  @Test
  void aJobThatCannotBeStoredLeavesNoFileBehind() throws Exception {
    database
        .sql("CREATE TRIGGER obstacle BEFORE INSERT ON job BEGIN SELECT RAISE(ABORT, 'no'); END")
        .update();
    try {
      assertRefused(upload("", CSV), 503, "storage");
    } finally {
      database.sql("DROP TRIGGER obstacle").update();
    }
  }
}
