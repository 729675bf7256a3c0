package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Accepted uploads in all their forms. */
class UploadTest extends UploadTestBase {

  @Test
  @Shows({
    "call.upload",
    "upload.raw",
    "upload.query.map",
    "upload.query.dry-run",
    "job.attempt-while-queued",
    "job.kind",
    "job.fileName",
    "job.dryRun",
    "job.charset",
    "job.delimiter",
    "job.mapping"
  })
  void aRawFileIsAcceptedAndAnsweredWithItsJob() throws Exception {
    HttpResponse<String> response =
        upload("?fileName=products.csv&utm=x&dryRun=true&map=Titel:name", "SKU;Titel;Colour\n");
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    JsonNode job = json(response);
    String id = job.get("transactionId").asString();
    assertThat(response.headers().firstValue("Location")).hasValue("/api/jobs/" + id);
    assertThat(job.get("kind").asString()).isEqualTo("csv-import");
    assertThat(job.get("status").asString()).isEqualTo("QUEUED");
    assertThat(job.get("attempt").asInt()).isZero();
    assertThat(job.get("fileName").asString()).isEqualTo("products.csv");
    assertThat(job.get("dryRun").asBoolean()).isTrue();
    assertThat(job.get("bytes").toString()).isEqualTo("{\"read\":0,\"total\":17}");
    assertThat(job.get("charset").asString()).isEqualTo("UTF-8");
    assertThat(job.get("delimiter").asString()).isEqualTo("semicolon");
    assertThat(job.get("mapping").toString())
        .isEqualTo("{\"SKU\":\"sku\",\"Titel\":\"name\",\"Colour\":null}");
    assertThat(stored(response)).isEqualTo("SKU;Titel;Colour\n".getBytes(UTF_8));
    assertThat(files.names()).containsExactly(id);
  }

  @Test
  void aFileThatIsLargerThanEveryBufferArrivesUnchanged() throws Exception {
    byte[] file = ("sku,name\n" + "A1,Chair ü\r\n".repeat(40_000)).getBytes(UTF_8);
    assertThat(stored(send(csv("", file)))).isEqualTo(file);
    assertThat(stored(multipart("", part("filename=\"x.csv\"", file)))).isEqualTo(file);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`name=\"file\"; filename=\"a b.csv\"`, a b.csv",
        "`name=file; filename=plain.csv`, plain.csv",
        "`name=\"file\"; filename=\"x.csv\"; filename*=UTF-8''%e2%82%ac%20preise.csv`, €"
            + " preise.csv",
        "`name=\"file\"; filename=\"Möbel; \\\"alt\\\".csv\"`, `Möbel; \"alt\".csv`",
        "`name=\"file\"; filename=\"C:\\\\dir\\\\list.csv\"`, list.csv",
        "`name=\"file\"; filename=\"../../etc/passwd\"`, passwd",
        "`name=\"file\"; filename=\"..\"`, upload.csv",
        "`name=\"file\"`, upload.csv"
      })
  @Shows("upload.multipart")
  void aPartsFileNameIsUnderstoodAndNeverAPath(String disposition, String shown) throws Exception {
    byte[] body =
        ("--cut\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + CSV)
            .concat("\r\n--cut--\r\n")
            .getBytes(UTF_8);
    HttpResponse<String> response = multipart("", body);
    assertThat(new String(stored(response), UTF_8)).isEqualTo(CSV);
    assertThat(json(response).get("fileName").asString()).isEqualTo(shown);
  }

  @Test
  @Shows("upload.multipart")
  void otherPartsPreambleAndNearBoundariesAreNoPartOfTheFile() throws Exception {
    String csv = "sku,name\r\nA1,\"Chair\r\n--cu\r\n-- cut\r\n--\"\r\n\r\n";
    String body =
        """
        to be ignored
        --cut
        Content-Disposition: form-data; name="charset"

        nonsense
        --cut
        Content-Disposition: form-data; name="file"; filename="x.csv"
        Content-Type: application/octet-stream

        %s
        --cut
        Content-Disposition: form-data; name="other"; filename="y.csv"

        sku
        --cut--
        behind
        """
            .replace("\n", "\r\n")
            .formatted(csv);
    assertThat(new String(stored(multipart("", body.getBytes(UTF_8))), UTF_8)).isEqualTo(csv);
  }

  @Test
  void theQueryNamesAFileBeforeItsPartDoes() throws Exception {
    HttpResponse<String> response =
        multipart("?fileName=%E2%82%AC+1.csv", part("filename=\"x.csv\"", CSV.getBytes(UTF_8)));
    assertThat(json(response).get("fileName").asString()).isEqualTo("€ 1.csv");
  }

  @Test
  @Shows("upload.gzip")
  void gzipIsInflatedWhereverItStands() throws Exception {
    byte[] plain = CSV.getBytes(UTF_8);
    byte[] packed = gzip(plain);
    assertThat(stored(send(csv("", packed)))).isEqualTo(plain);
    assertThat(stored(send(csv("", packed).header("Content-Encoding", "gzip")))).isEqualTo(plain);
    assertThat(stored(multipart("", part("filename=\"x.csv.gz\"", packed)))).isEqualTo(plain);
  }

  @Test
  void aDraftThatCannotBeClosedAfterTheCommitDoesNotTakeTheAnswerBack() throws Exception {
    files.failToClose(true);
    try {
      HttpResponse<String> accepted = upload("", CSV);

      assertThat(accepted.statusCode()).isEqualTo(202);
      assertThat(stored(accepted)).isEqualTo(CSV.getBytes(UTF_8));
    } finally {
      files.failToClose(false);
    }
  }

  @Test
  @Shows("upload.gzip")
  void aWholeMultipartBodyMayBeGzip() throws Exception {
    byte[] plain = CSV.getBytes(UTF_8);
    for (byte[] body :
        new byte[][] {
          gzip(part("a=b", plain)), gzip(part("a=b", gzip(plain))), part("a=b", plain)
        }) {
      HttpResponse<String> response =
          send(
              to("/api/upload/csv")
                  .header("Content-Type", "multipart/form-data; boundary=\"cut\"")
                  .header("Content-Encoding", "gzip")
                  .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(body)));
      assertThat(stored(response)).isEqualTo(plain);
    }
  }

  @Test
  @Shows("upload.inflated")
  void sizesCountInflatedBytes() throws Exception {
    byte[] plain = ("sku,name\n" + "A1,Chair\n".repeat(60_000)).getBytes(UTF_8);
    HttpResponse<String> response = send(csv("", gzip(plain)));
    assertThat(json(response).get("bytes").get("total").asInt()).isEqualTo(plain.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1048576, 1048575})
  @Shows("setting.upload.max-size")
  void aFileOfTheLargestSizeIsAccepted(int size) throws Exception {
    byte[] file = ("sku,name\n" + "x".repeat(size - 9)).getBytes(UTF_8);
    assertThat(stored(send(csv("", file)))).hasSize(size);
    assertThat(stored(multipart("", part("a=b", file)))).hasSize(size);
  }

  @ParameterizedTest
  @CsvSource({
    "'sku,name,b;c', , comma",
    "'sku;name;b,c', , semicolon",
    "'sku\tname\tb,c', , tab",
    "'sku|name|a,b,c', , pipe",
    "'sku|name', pipe, pipe"
  })
  @Shows({"check.delimiter", "upload.query.delimiter"})
  void theDelimiterIsWhatMakesTheHeaderReadable(String header, String asked, String found)
      throws Exception {
    HttpResponse<String> response = upload(asked == null ? "" : "?delimiter=" + asked, header);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    assertThat(json(response).get("delimiter").asString()).isEqualTo(found);
  }

  @Test
  @Shows({"check.charset.asked", "check.charset.bom", "upload.query.charset"})
  void charsetsAreFoundOutOrBelieved() throws Exception {
    byte[] latin = "sku,name\nA1,Stühle für Gäste\nA2,Öl\n".getBytes("windows-1252");
    HttpResponse<String> asked = send(csv("?charset=cp1252", latin));
    assertThat(json(asked).get("charset").asString()).isEqualTo("windows-1252");
    HttpResponse<String> marked = send(csv("", ("\uFEFF" + CSV).getBytes("UTF-16LE")));
    assertThat(json(marked).get("charset").asString()).startsWith("UTF-16");
  }

  private static byte[] part(String disposition, byte[] content) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(
        ("--cut\r\nContent-Disposition: form-data; name=\"file\"; " + disposition + "\r\n\r\n")
            .getBytes(UTF_8));
    body.write(content);
    body.write("\r\n--cut--\r\n".getBytes(UTF_8));
    return body.toByteArray();
  }
}
