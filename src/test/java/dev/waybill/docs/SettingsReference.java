package dev.waybill.docs;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes the table of Waybill's settings from the metadata that the build generates. */
final class SettingsReference {

  private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

  /**
   * A setting with its type, default and description.
   *
   * @param defaultValue empty if there is none
   */
  record Setting(String name, String type, String defaultValue, String description) {}

  private SettingsReference() {}

  /** All settings of Waybill, sorted by name. */
  static List<Setting> settings() throws IOException {
    List<Setting> settings = new ArrayList<>();
    try (InputStream metadata = SettingsReference.class.getResourceAsStream(METADATA)) {
      for (JsonNode property : JsonMapper.shared().readTree(metadata).get("properties")) {
        if (property.path("name").asString().startsWith("waybill.")) {
          settings.add(setting(property));
        }
      }
    }
    settings.sort(Comparator.comparing(Setting::name));
    return settings;
  }

  private static Setting setting(JsonNode property) {
    return new Setting(
        property.path("name").asString(),
        shown(property.path("type").asString()),
        property.path("defaultValue").asString(""),
        plain(property.path("description").asString("")));
  }

  private static String shown(String javaType) {
    return switch (javaType) {
      case "java.lang.Integer" -> "number";
      case "java.time.Duration" -> "duration";
      case "org.springframework.util.unit.DataSize" -> "size";
      case "java.nio.file.Path" -> "path";
      case "java.net.URI" -> "address";
      case "java.lang.String" -> "text";
      case "java.lang.Boolean" -> "yes or no";
      case "java.util.Set<java.lang.String>",
          "java.util.List<dev.waybill.channel.ChannelProperties$Rule>" ->
          "list";
      case "java.util.Map<java.lang.String,dev.waybill.worker.CalledWorkers$CalledWorker>" -> "map";
      case "java.util.Map<java.lang.String,dev.waybill.record.RecordProperties$Kind>" -> "map";
      case "java.util.Map<java.lang.String,java.lang.String>",
          "java.util.Map<java.lang.String,dev.waybill.kafka.KafkaProperties$Topic>" ->
          "map";
      case "dev.waybill.platform.Database", "dev.waybill.stream.Transport" -> "choice";
      default -> throw new IllegalArgumentException("How should " + javaType + " be called?");
    };
  }

  /** Converts Javadoc to Markdown, with a capital letter at the start. */
  private static String plain(String javadoc) {
    String text =
        javadoc
            .replaceAll("\\{@(?:code|literal)\\s+([^}]*)}", "`$1`")
            .replaceAll("\\s+", " ")
            .replace("|", "\\|");
    return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  static String table(List<Setting> settings) {
    StringBuilder table =
        new StringBuilder("| setting | type | default | what |\n|---|---|---|---|\n");
    for (Setting setting : settings) {
      String byDefault =
          setting.defaultValue().isEmpty() ? "–" : "`" + setting.defaultValue() + "`";
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(setting.name(), setting.type(), byDefault, setting.description()));
    }
    return table.toString();
  }
}
