package dev.waybill.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.upload.UploadTestBase;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageResourcesTest extends UploadTestBase {

  private static final Pattern IMPORT = Pattern.compile("from '(\\./|/clients/)([\\w-]+\\.js)'");
  private static final Pattern PRELOAD = Pattern.compile("href=\"(/js/|/clients/)([\\w-]+\\.js)\"");

  @ParameterizedTest
  @ValueSource(strings = {"/", "/waybill.css", "/js/main.js", "/libraries/uplot/uPlot.esm.js"})
  void anUnchangedFileIsNotSentAgain(String path) throws Exception {
    HttpResponse<String> first = send(to(path));
    String etag = first.headers().firstValue("ETag").orElseThrow();

    assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(first.headers().firstValue("Last-Modified")).isEmpty();
    HttpResponse<String> again = send(to(path).header("If-None-Match", etag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(send(to(path).header("If-None-Match", "W/\"other\"")).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/waybill.css", "/js/main.js", "/libraries/uplot/uPlot.esm.js"})
  void aFileIsSentCompressed(String path) throws Exception {
    HttpRequest request = to(path).header("Accept-Encoding", "gzip").build();
    HttpResponse<byte[]> packed =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());

    assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
    byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
    assertThat(new String(unpacked, UTF_8)).isEqualTo(send(to(path)).body());
    assertThat(packed.body().length).isLessThan(unpacked.length / 2);
  }

  @Test
  void everyModuleIsFetchedAtOnceAndNotOneAfterTheOther() throws Exception {
    TreeSet<String> preloaded = matches(PRELOAD, send(to("/")).body());

    TreeSet<String> imported = new TreeSet<>();
    for (String module : preloaded) {
      HttpResponse<String> file = send(to(module));
      assertThat(file.statusCode()).as(module).isEqualTo(200);
      imported.addAll(matches(IMPORT, file.body()));
    }
    imported.addAll(matches(IMPORT, send(to("/js/main.js")).body()));
    assertThat(preloaded).isEqualTo(imported);
  }

  /**
   * The paths of the modules that the pattern finds. A module beside the one that imports it is in
   * /js/.
   */
  private static TreeSet<String> matches(Pattern pattern, String text) {
    TreeSet<String> found = new TreeSet<>();
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      found.add(matcher.group(1).replace("./", "/js/") + matcher.group(2));
    }
    return found;
  }
}
