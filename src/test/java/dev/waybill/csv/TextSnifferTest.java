package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.csv.TextVerdict.NotText;
import dev.waybill.csv.TextVerdict.Text;
import dev.waybill.csv.TextVerdict.UnknownCharset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class TextSnifferTest {

  static Stream<Map<String, String>> detections() throws IOException {
    try (InputStream in = TextSnifferTest.class.getResourceAsStream("detection.yaml")) {
      List<Map<String, String>> cases = new Yaml().load(in);
      return cases.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("detections")
  @Shows("check.charset.detected")
  void detectsTheCharsetOfAShortFile(Map<String, String> file) {
    Charset charset = Charset.forName(file.get("charset"));
    assertThat(charsetOf(file.get("text").getBytes(charset))).isEqualTo(charset);
  }

  @ParameterizedTest
  @MethodSource("detections")
  void detectsTheCharsetWhereverItsWordsStand(Map<String, String> file) {
    Charset charset = Charset.forName(file.get("charset"));
    String text = "1,plain,2.50\n".repeat(20_000) + file.get("text");
    assertThat(charsetOf(text.getBytes(charset))).isEqualTo(charset);
  }

  private static Charset charsetOf(byte[] file) {
    return ((Text) verdict(file)).charset();
  }

  @Test
  void pureAsciiAndNothingAtAllAreUtf8() {
    assertThat(verdict("sku,name\n1,a\n".getBytes(UTF_8))).isEqualTo(new Text(UTF_8));
    assertThat(verdict(new byte[0])).isEqualTo(new Text(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  @Shows("check.charset.bom")
  void byteOrderMarkNamesTheCharset(Charset charset) {
    assertThat(verdict("\uFEFFsku\n".getBytes(charset))).isEqualTo(new Text(charset));
  }

  @Test
  @Shows("check.charset.asked")
  void declaredCharsetIsObeyedUnlessThereIsAByteOrderMark() {
    Charset requested = Charset.forName("windows-1252");
    assertThat(verdict("sku,é\n".getBytes(requested), requested)).isEqualTo(new Text(requested));
    assertThat(verdict("\uFEFFsku,é\n".getBytes(UTF_8), requested)).isEqualTo(new Text(UTF_8));
  }

  @Test
  @Shows("check.charset.mostly-utf-8")
  void aFewSequencesForABadByteStayUtf8() {
    byte[] text = "é,é,é,?".getBytes(UTF_8);
    text[text.length - 1] = (byte) 0xE9;
    assertThat(verdict(text)).isEqualTo(new Text(UTF_8));
    byte[] two = Arrays.copyOfRange(text, 3, text.length);
    assertThat(verdict(two)).isNotEqualTo(new Text(UTF_8));
  }

  @Test
  @Shows("check.charset.unknown")
  void bytesWithoutAnyLanguageAreUnknown() {
    byte[] bytes = {'a', ',', (byte) 0x81, (byte) 0x8D, '\n', (byte) 0x9D, (byte) 0x81};
    assertThat(verdict(bytes))
        .isInstanceOfSatisfying(
            UnknownCharset.class,
            unknown ->
                assertThat(unknown.detail())
                    .isEqualTo(
                        "The file is not UTF-8 (bytes that are not: 4), and its charset cannot be"
                            + " detected from its text. Save it as UTF-8, or name its charset,"
                            + " such as charset=windows-1252."));
  }

  @Test
  void leavesAZipFileToBeOpened() {
    byte[] zip = "PK\3\4rest".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(verdict(zip)).isEqualTo(new TextVerdict.Archive());
    assertThat(verdict(zip, UTF_8)).isEqualTo(new TextVerdict.Archive());
  }

  @Test
  @Shows("check.text")
  void namesWhatIsNotText() {
    Map<String, String> files =
        Map.of(
            "%PDF-1.7", "a PDF",
            "\u0089PNG\r\n\u001A\nrest", "a PNG image",
            "\u00FF\u00D8\u00FF\u00E0", "a JPEG image",
            "GIF89a", "a GIF image",
            "\u001F\u008B\b", "a gzip file",
            "SQLite format 3\0", "an SQLite database");
    files.forEach(
        (bytes, what) -> {
          byte[] file = bytes.getBytes(StandardCharsets.ISO_8859_1);
          assertThat(verdict(file)).isEqualTo(new NotText(what));
          assertThat(verdict(file, UTF_8)).isEqualTo(new NotText(what));
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "<html><body><table><tr><td>sku</td></tr></table></body></html>!an HTML page, perhaps with"
            + " the ending .xls",
        "` <!DOCTYPE HTML PUBLIC>`!an HTML page, perhaps with the ending .xls",
        "<TABLE border=1>!an HTML page, perhaps with the ending .xls",
        "<?xml version=\"1.0\"?><products/>!XML",
        "<products><product>!XML",
        "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>!an XML spreadsheet of"
            + " Excel 2003",
        "[{\"sku\":\"A\"}]!JSON",
        "`{ \"items\" : [`!JSON",
      })
  @Shows("check.text.markup")
  void namesTextThatIsNoTable(String text, String what) {
    assertThat(verdict(text.getBytes(UTF_8))).isEqualTo(new NotText(what));
    assertThat(verdict(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE)))
        .isEqualTo(new NotText(what));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<sku>,name\n", "[sku],name\n", "{sku};name\n", "<;>\n"})
  void bracketsAroundNamesAreCsv(String text) {
    assertThat(verdict(text.getBytes(UTF_8))).isEqualTo(new Text(UTF_8));
  }

  @Test
  @Shows("check.text.nul")
  void nulInTheFirst64KiBWithoutByteOrderMarkIsNotText() {
    byte[] file = new byte[70_000];
    Arrays.fill(file, (byte) 'a');
    file[65_536] = 0;
    assertThat(verdict(file)).isEqualTo(new Text(UTF_8));
    file[65_535] = 0;
    assertThat(verdict(file))
        .isEqualTo(
            new NotText(
                "binary data (a NUL byte at offset 65535), or UTF-16 without a byte order mark,"
                    + " which needs charset=UTF-16LE"));
    file[0] = (byte) 0xFF;
    file[1] = (byte) 0xFE;
    assertThat(verdict(file)).isEqualTo(new Text(StandardCharsets.UTF_16LE));
  }

  private static TextVerdict verdict(byte[] file) {
    return verdict(file, null);
  }

  /** Checks that the result is the same for any division of the bytes into pieces. */
  private static TextVerdict verdict(byte[] file, @Nullable Charset requested) {
    TextVerdict whole = verdict(file, requested, Math.max(1, file.length));
    for (int piece : new int[] {1, 3, 16, 1000}) {
      assertThat(verdict(file, requested, piece)).isEqualTo(whole);
    }
    return whole;
  }

  private static TextVerdict verdict(byte[] file, @Nullable Charset requested, int piece) {
    TextSniffer sniffer = new TextSniffer();
    for (int from = 0; from < file.length; from += piece) {
      sniffer.update(file, from, Math.min(piece, file.length - from));
    }
    return sniffer.finish(requested);
  }
}
