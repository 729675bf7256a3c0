package dev.waybill.csv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * One test case of {@code cases/*.yaml}: a file and the result of reading it. The file is given as
 * text ({@code file}), or as one character for each byte ({@code bytes}).
 */
record CsvCase(String name, byte[] file, CsvFormat format, CsvLimits limits, Map<String, ?> yaml) {

  static Stream<CsvCase> all() {
    return Stream.of("lines", "quotes", "damage", "charsets").flatMap(CsvCase::load);
  }

  private static Stream<CsvCase> load(String file) {
    String path = "cases/" + file + ".yaml";
    try (InputStream in = CsvCase.class.getResourceAsStream(path)) {
      List<Map<String, ?>> cases = new Yaml().load(in);
      return cases.stream().map(CsvCase::of);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  private static CsvCase of(Map<String, ?> yaml) {
    Charset charset = Charset.forName(text(yaml, "charset", "UTF-8"));
    Delimiter delimiter = Delimiter.named(text(yaml, "delimiter", "comma")).orElseThrow();
    byte[] file =
        yaml.containsKey("bytes")
            ? text(yaml, "bytes", "").getBytes(StandardCharsets.ISO_8859_1)
            : text(yaml, "file", "").getBytes(charset);
    List<?> limits = (List<?>) yaml.get("limits");
    return new CsvCase(
        text(yaml, "name", ""),
        file,
        new CsvFormat(charset, delimiter),
        limits == null
            ? CsvLimits.DEFAULTS
            : new CsvLimits((int) limits.get(0), (int) limits.get(1), (int) limits.get(2)),
        yaml);
  }

  private static String text(Map<String, ?> yaml, String key, String absent) {
    return Objects.requireNonNullElse((String) yaml.get(key), absent);
  }

  ByteSource source() {
    return CsvBytes.of(file);
  }

  @Override
  public String toString() {
    return name;
  }
}
