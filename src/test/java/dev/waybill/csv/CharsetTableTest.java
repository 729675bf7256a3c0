package dev.waybill.csv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.csv.TextVerdict.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Texts of many languages, each in the charsets in which such files usually are. */
class CharsetTableTest {

  /** Signs that may follow words of any language, if the charset has them. */
  private static final List<String> SIGNS = List.of("", " 12 €", " ½\"", " × 20", " 20 °C", " ®");

  record Sample(String language, Charset charset, List<String> names, int rows, String sign) {

    String text() {
      StringBuilder text = new StringBuilder("sku;name\r\n");
      for (int row = 0; row < rows; row++) {
        String name = names.get(row % names.size());
        text.append("A").append(row).append(';').append(name).append(sign).append("\r\n");
      }
      return text.toString();
    }

    @Override
    public String toString() {
      return "%s, %s, %d rows, %s".formatted(language, charset, rows, sign);
    }
  }

  static Stream<Sample> samples() throws IOException {
    List<Map<String, ?>> languages;
    try (InputStream in = CharsetTableTest.class.getResourceAsStream("charsets.yaml")) {
      languages = new Yaml().load(in);
    }
    List<Sample> samples = new ArrayList<>();
    for (Map<String, ?> language : languages) {
      List<String> names = List.of(((String) language.get("names")).split(";"));
      for (Object charset : (List<?>) language.get("charsets")) {
        for (int rows : new int[] {1, 3, 20, 100}) {
          for (String sign : SIGNS) {
            Sample sample =
                new Sample(
                    (String) language.get("language"),
                    Charset.forName((String) charset),
                    names,
                    rows,
                    sign);
            if (sample.charset().newEncoder().canEncode(sample.text())) {
              samples.add(sample);
            }
          }
        }
      }
    }
    return samples.stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  @Shows("check.charset.plausible")
  void isReadRightOrAskedOrNoticed(Sample sample) {
    byte[] file = sample.text().getBytes(sample.charset());
    TextSniffer sniffer = new TextSniffer();
    sniffer.update(file, 0, file.length);

    if (sniffer.finish(null) instanceof Text(Charset charset, String doubt) && doubt == null) {
      assertThat(new String(file, charset)).isEqualTo(sample.text());
    }
  }

  @Test
  void mostSamplesAreReadRight() throws IOException {
    List<Sample> wrong =
        samples()
            .filter(
                sample -> {
                  byte[] file = sample.text().getBytes(sample.charset());
                  TextSniffer sniffer = new TextSniffer();
                  sniffer.update(file, 0, file.length);
                  return !(sniffer.finish(null) instanceof Text text
                      && new String(file, text.charset()).equals(sample.text()));
                })
            .toList();
    long all = samples().count();

    assertThat(wrong).as("%d of %d", wrong.size(), all).hasSizeLessThan((int) all / 5);
  }
}
