package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.US_ASCII;
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

  /** Java reads ISO-2022-CN, but cannot write it. The escapes below stand for one character. */
  @Test
  @Shows("call.rejections.form")
  void isUtf8IfJavaCannotWriteTheCharsetOfTheFile() throws Exception {
    byte[] file = "sku,name,quantity\nF5,\u001b$)A\u000eVP\u000f,x\n".getBytes(US_ASCII);
    Job job = awaitEnd(upload("?charset=ISO-2022-CN", file));

    HttpResponse<byte[]> original = csv(job, "?form=original");

    assertThat(original.statusCode()).isEqualTo(200);
    assertThat(contentType(original)).isEqualTo("text/csv;charset=UTF-8");
    assertThat(new String(original.body(), UTF_8)).contains("F5,中,x,1,");
    Job again = awaitEnd(upload("", new String(original.body(), UTF_8).replace(",x,", ",5,")));
    assertThat(rejections(again)).isEmpty();
    assertThat(json(product("F5")).get("name").asString()).isEqualTo("中");
  }

  @Test
  @Shows("csv.apostrophes")
  void keepsTheApostropheOfAnOrdinaryFile() throws Exception {
    Job job = awaitEnd(upload("?map=note:-", "sku,name,quantity,note\nF6,'=x,many,n\n"));

    String rejected = new String(csv(job, "?form=original").body(), UTF_8);

    assertThat(rejected).contains("F6,''=x,many,1,");
    awaitEnd(upload("", rejected.replace(",many,", ",7,")));
    assertThat(json(product("F6")).get("name").asString()).isEqualTo("'=x");
  }

  @Test
  @Shows("csv.restored")
  void removesTheApostropheThatAnExportHasAdded() throws Exception {
    String header =
        "sku,name,description,price,currency,quantity,category,brand,gtin,image_url,attributes\n";
    Job job = awaitEnd(upload("", header + "F7,'=x,,many,,,,,,,\"{\"\"a\"\":\"\"b\"\"}\"\n"));

    String rejected = new String(csv(job, "?form=original").body(), UTF_8);

    assertThat(rejected).contains("F7,'=x,,many,");
    awaitEnd(upload("", rejected.replace(",many,", ",7,")));
    assertThat(json(product("F7")).get("name").asString()).isEqualTo("=x");
    assertThat(json(product("F7")).get("attributes").toString()).isEqualTo("{\"a\":\"b\"}");
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
