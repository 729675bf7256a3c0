package dev.waybill.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.upload.UploadTestBase;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The checks before an upload is accepted: their order, and what they report. */
class UploadChecksTest extends UploadTestBase {

  /** Bytes that are text in no charset, and a header without product columns. */
  private static final byte[] NO_CHARSET = {
    'a', ',', (byte) 0x81, (byte) 0x8D, '\n', (byte) 0x9D, (byte) 0x81
  };

  @Test
  @Shows("check.order")
  void whatIsWrongInManyWaysIsRefusedByTheFirstCheck() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(upload("", CSV).statusCode()).isEqualTo(202);
    }
    byte[] pdf = "%PDF-1.7\n\u0081".getBytes(UTF_8);
    byte[] tooLarge = Arrays.copyOf(pdf, 1_100_000);
    String json = "application/json";

    assertProblem(post("?dryRun=x", json, tooLarge), 415, "media-type");
    assertProblem(post("?dryRun=x", "text/csv", tooLarge), 400, "parameter");
    assertProblem(post("", "text/csv", tooLarge), 413, "too-large");
    assertProblem(post("", "text/csv", new byte[0]), 400, "file-empty");
    assertProblem(post("", "text/csv", pdf), 415, "not-text");
    assertProblem(post("", "text/csv", NO_CHARSET), 422, "charset");
    assertProblem(post("", "text/csv", "a,b\n".getBytes(UTF_8)), 422, "column-missing");
    assertProblem(post("", "text/csv", CSV.getBytes(UTF_8)), 503, "queue-full");
  }

  private HttpResponse<String> post(String query, String type, byte[] body) throws Exception {
    return send(csv(query, body).setHeader("Content-Type", type));
  }

  private void assertProblem(HttpResponse<String> answer, int status, String name) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).get("type").asString()).isEqualTo("urn:waybill:problem:" + name);
  }

  @Test
  @Shows({"check.charset.unknown", "problem.charset"})
  void aCharsetThatCannotBeDetectedIsRefused() throws Exception {
    JsonNode problem = assertRefused(send(csv("", NO_CHARSET)), 422, "charset");

    assertThat(problem.get("detail").asString()).contains("UTF-8", "charset=windows-1252");
  }

  @Test
  @Shows("check.charset.mostly-utf-8")
  void aFileWithAFewBadBytesIsAcceptedAsUtf8() throws Exception {
    byte[] file = ("sku,name\n" + "A,é\n".repeat(10) + "B,?\n").getBytes(UTF_8);
    file[file.length - 2] = (byte) 0xE9;

    HttpResponse<String> answer = send(csv("", file));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("charset").asString()).isEqualTo("UTF-8");
  }

  @Test
  @Shows({"check.charset.detected", "check.charset.utf-8", "check.charset.bom"})
  void theCharsetIsThatOfTheMarkElseUtf8ElseDetected() throws Exception {
    String text = "sku,name\nA1,Größe Müller\nA2,Tüte Weiß\n";

    assertThat(charset(("\uFEFF" + text).getBytes("UTF-16BE"))).isEqualTo("UTF-16BE");
    assertThat(charset(text.getBytes(UTF_8))).isEqualTo("UTF-8");
    assertThat(charset(text.getBytes("windows-1252"))).isEqualTo("windows-1252");
  }

  private String charset(byte[] file) throws Exception {
    return json(send(csv("", file))).get("charset").asString();
  }

  @Test
  @Shows({"check.columns", "problem.column-missing", "problem.form"})
  void aMissingColumnIsReportedWithTheFoundNamesAndNearMatches() throws Exception {
    JsonNode problem = assertRefused(upload("", "skuu,Titel,price\n"), 422, "column-missing");

    assertThat(problem.get("errors")).hasSize(1);
    JsonNode error = problem.at("/errors/0");
    assertThat(error.get("column").asString()).isEqualTo("sku");
    assertThat(error.get("found").toString()).isEqualTo("[\"skuu\",\"Titel\",\"price\"]");
    assertThat(error.get("nearMatches").toString()).isEqualTo("[\"skuu\"]");
    assertThat(problem.get("detail").asString()).contains("skuu", "map=skuu:sku");
  }

  @Test
  @Shows("notice.number-format")
  void aNoticeOnNumbersHasTheDecimalSignAndTheCurrencyAsMembers() throws Exception {
    JsonNode read = json(upload("", "sku;name;Preis €\nN-1;Mug;1.234,50\n"));
    JsonNode plain = json(upload("", "sku,name,price\nN-2,Mug,\"1,234.50\"\n"));

    assertThat(read.at("/notices/0/code").asString()).isEqualTo("number-format");
    assertThat(read.at("/notices/0/decimal").asString()).isEqualTo("comma");
    assertThat(read.at("/notices/0/currency").asString()).isEqualTo("EUR");
    assertThat(plain.at("/notices/0/decimal").asString()).isEqualTo("point");
    assertThat(plain.at("/notices/0").has("currency")).isFalse();
  }

  @Test
  @Shows("problem.column-missing.repeated")
  void aSkuColumnWhoseValuesRepeatIsReportedWithTheValueAndItsRows() throws Exception {
    String file = "Artikelnummer;Name\nA-1;Mug\nA-1;Cup\nA-1;Pot\nA-2;Pan\n";

    JsonNode problem = assertRefused(upload("", file), 422, "column-missing");

    assertThat(problem.at("/errors/0/repeated").toString())
        .isEqualTo("{\"header\":\"Artikelnummer\",\"value\":\"A-1\",\"rows\":[1,2,3]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"comma ,", "semicolon ;", "tab \t", "pipe |"})
  @Shows("upload.query.delimiter")
  void theDelimiterIsTheOneThatIsNamed(String nameAndDelimiter) throws Exception {
    String name = nameAndDelimiter.substring(0, nameAndDelimiter.length() - 2);
    String delimiter = nameAndDelimiter.substring(name.length() + 1);
    String other = name.equals("tab") ? "pipe" : "tab";

    HttpResponse<String> refused =
        upload("?delimiter=" + other, String.join(delimiter, "sku", "name") + "\n");
    HttpResponse<String> accepted =
        upload("?delimiter=" + name, String.join(delimiter, "sku", "name") + "\n");

    assertProblem(refused, 422, "column-missing");
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(json(accepted).get("delimiter").asString()).isEqualTo(name);
  }

  @Test
  @Shows("upload.query.map")
  void manyColumnsAreMapped() throws Exception {
    HttpResponse<String> answer =
        upload("?map=Artikel:sku&map=Titel:name", "Artikel,Titel,price\n");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("mapping").toString())
        .isEqualTo("{\"Artikel\":\"sku\",\"Titel\":\"name\",\"price\":\"price\"}");
  }

  @Test
  @Shows("call.page")
  void thePageIsAtTheRoot() throws Exception {
    HttpResponse<String> page = send(to("/"));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    assertThat(page.body()).contains("Waybill");
  }
}
