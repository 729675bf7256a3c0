package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

/** The rejected rows as CSV, in the form of the original file and for Excel. */
class RejectionFormTest extends ImportTestBase {

  private static final Charset WESTERN = Charset.forName("windows-1252");
  private static final String FILE = "sku;name;quantity\nF1;Möbel, groß;viele\nF2;Tür,=1+1;x\n";

  private HttpResponse<byte[]> csv(Job job, String query) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/jobs/" + job.id() + "/rejections" + query)).build();
    return http.send(request, BodyHandlers.ofByteArray());
  }

  private static String contentType(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElseThrow().replace(" ", "");
  }

  @Test
  @Shows("call.rejections.form")
  void isTheCharsetAndDelimiterOfTheFile() throws Exception {
    Job job = awaitEnd(upload("?charset=windows-1252", FILE.getBytes(WESTERN)));

    HttpResponse<byte[]> original = csv(job, "?form=original");

    assertThat(contentType(original)).isEqualTo("text/csv;charset=windows-1252");
    assertThat(new String(original.body(), WESTERN))
        .startsWith("sku;name;quantity;_row;_error\nF1;Möbel, groß;viele;1;")
        .contains("F2;Tür,'=1+1;x;2;")
        .doesNotContain("?");
  }

  @Test
  @Shows("call.rejections.form")
  void goesBackAsItIs() throws Exception {
    Job job = awaitEnd(upload("?charset=windows-1252", FILE.getBytes(WESTERN)));
    String mended =
        new String(csv(job, "?form=original").body(), WESTERN)
            .replace(";viele;", ";3;")
            .replace(";x;", ";4;");

    Job again = awaitEnd(upload("?charset=windows-1252", mended.getBytes(WESTERN)));

    assertThat(rejections(again)).isEmpty();
    assertThat(json(product("F1")).get("name").asString()).isEqualTo("Möbel, groß");
    assertThat(json(product("F2")).get("name").asString()).isEqualTo("Tür,=1+1");
  }

  @Test
  @Shows("call.rejections.form")
  void excelGetsAByteOrderMarkAndSemicolons() throws Exception {
    Job job = awaitEnd(upload("", "sku,name,quantity\nF3,Möbel; groß,viele\n"));

    HttpResponse<byte[]> excel = csv(job, "?form=excel");

    assertThat(contentType(excel)).isEqualTo("text/csv;charset=UTF-8");
    assertThat(new String(excel.body(), UTF_8))
        .startsWith("\ufeffsku;name;quantity;_row;_error\nF3;\"Möbel; groß\";viele;1;");
  }

  @Test
  void anUnknownFormIsRefused() throws Exception {
    Job job = imported("F4,\n");

    assertThat(csv(job, "?form=pdf").statusCode()).isEqualTo(400);
    assertThat(
            get("/api/jobs/" + job.id() + "/rejections?form=excel", "application/json")
                .statusCode())
        .isEqualTo(406);
  }
}
