package dev.waybill.contract;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The rows of the contract, which is a list of promises, in the order of the file. */
record Contract(List<Section> sections) {

  record Section(String title, List<Row> rows) {}

  /**
   * One promise of the contract.
   *
   * @param open why no test proves it yet; null if a test must prove it
   */
  record Row(String key, String text, @Nullable String open) {}

  static Contract read() throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (InputStream file = Contract.class.getResourceAsStream("contract.yaml")) {
      Map<String, Map<String, Object>> sections = new Yaml(options).load(file);
      List<Section> read = new ArrayList<>();
      sections.forEach((title, rows) -> read.add(section(title, rows)));
      return new Contract(read);
    }
  }

  private static Section section(String title, Map<String, Object> rows) {
    return new Section(
        title, rows.entrySet().stream().map(row -> row(row.getKey(), row.getValue())).toList());
  }

  /**
   * In the file, a row is a text. If no test proves it, it is a map with the text and the reason.
   */
  private static Row row(String key, Object value) {
    return value instanceof Map<?, ?> map
        ? new Row(key, (String) map.get("text"), (String) map.get("open"))
        : new Row(key, (String) value, null);
  }

  List<Row> rows() {
    return sections.stream().flatMap(section -> section.rows().stream()).toList();
  }
}
