package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.WaybillApplication;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.Yaml;

/** Compares the keys and defaults in {@code docs/limits.md} with the code. */
class LimitsReferenceTest {

  /** Settings with these types are limits. */
  private static final Set<String> LIMIT_TYPES = Set.of("number", "size", "duration");

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
  private static final Pattern IN_THE_SUMMARY = Pattern.compile("`([^`]+)` = (`[^`]+`)");
  private static final Pattern CONSTANT = Pattern.compile("([a-z.]*[A-Z]\\w*)\\.([A-Z][A-Z0-9_]*)");
  private static final Path CLASSES =
      Path.of(
          WaybillApplication.class.getProtectionDomain().getCodeSource().getLocation().getPath());

  private static Map<String, String> defaults;
  private static Map<String, SettingsReference.Setting> settings;
  private static Map<String, String> yaml;
  private static String nginx;

  @BeforeAll
  static void read() throws IOException {
    defaults =
        ROW.matcher(Files.readString(Path.of("docs/limits.md")))
            .results()
            .collect(
                Collectors.toMap(
                    row -> row.group(1), row -> row.group(2), (one, _) -> one, TreeMap::new));
    settings =
        SettingsReference.settings().stream()
            .collect(Collectors.toMap(SettingsReference.Setting::name, setting -> setting));
    yaml = new TreeMap<>();
    try (InputStream in = LimitsReferenceTest.class.getResourceAsStream("/application.yaml")) {
      flatten("", new Yaml().load(in));
    }
    nginx =
        Files.readString(Path.of("nginx/nginx.conf")) + Files.readString(Path.of("nginx/prepare"));
  }

  @Test
  void listsEverySettingThatIsALimit() {
    List<String> limits =
        settings.values().stream()
            .filter(setting -> LIMIT_TYPES.contains(setting.type()))
            .map(SettingsReference.Setting::name)
            .toList();
    assertThat(defaults.keySet()).as("docs/limits.md").containsAll(limits);
  }

  @Test
  void everyRowOfTheTablesIsUnderstood() throws IOException {
    long rows =
        Files.readString(Path.of("docs/limits.md"))
            .lines()
            .filter(line -> line.startsWith("|"))
            .filter(line -> !line.startsWith("|---") && !line.startsWith("| limit |"))
            .count();
    assertThat(defaults).as("rows, each with a key of its own").hasSize((int) rows);
  }

  @Test
  void theSummaryHasTheDefaultsOfTheTables() throws IOException {
    Map<String, String> summary =
        IN_THE_SUMMARY
            .matcher(Files.readString(Path.of("docs/limits.md")))
            .results()
            .collect(Collectors.toMap(limit -> limit.group(1), limit -> limit.group(2)));
    assertThat(summary).isNotEmpty();
    assertThat(defaults).containsAllEntriesOf(summary);
  }

  @Test
  void everyLimitHasTheDefaultOfTheCode() {
    assertThat(defaults)
        .isNotEmpty()
        .allSatisfy(
            (key, shown) -> {
              String inCode = inCode(key);
              if (shown.startsWith("`")) {
                assertThat(amount(shown.replace("`", ""))).as(key).isEqualTo(amount(inCode));
              } else {
                // Such a default follows the heap or another setting.
                assertThat(shown)
                    .as(key + ", which is " + inCode)
                    .containsAnyOf("heap", "`waybill.");
                assertThat(settings.containsKey(key) ? inCode : "").as(key).isEmpty();
              }
            });
  }

  private static String inCode(String key) {
    if (key.startsWith("nginx ")) {
      return nginxDirective(key.substring("nginx ".length()));
    }
    Matcher constant = CONSTANT.matcher(key);
    if (constant.matches()) {
      return constant(constant.group(1), constant.group(2));
    }
    if (settings.containsKey(key)) {
      return settings.get(key).defaultValue();
    }
    assertThat(yaml).as("application.yaml").containsKey(key);
    return yaml.get(key);
  }

  /** The first value of the directive; for a shell variable, its default. */
  private static String nginxDirective(String directive) {
    Matcher found =
        Pattern.compile("\\b" + directive + " (?:\\$\\{\\w+:-)?([0-9a-z]+)").matcher(nginx);
    assertThat(found.find()).as("nginx: " + directive).isTrue();
    return found.group(1);
  }

  private static String constant(String className, String name) {
    try {
      Field field = loaded(className).getDeclaredField(name);
      field.setAccessible(true);
      Object value = field.get(null);
      return value instanceof Duration duration
          ? duration.toMillis() + "ms"
          : String.valueOf(value instanceof DataSize size ? size.toBytes() : value);
    } catch (ReflectiveOperationException | IOException e) {
      throw new AssertionError("no constant " + className + "." + name, e);
    }
  }

  private static Class<?> loaded(String name) throws IOException, ClassNotFoundException {
    String file = "/" + name.replace('.', '/') + ".class";
    try (Stream<Path> files = Files.walk(CLASSES)) {
      List<String> found = files.map(Path::toString).filter(path -> path.endsWith(file)).toList();
      assertThat(found).as("classes named " + name).hasSize(1);
      String relative = CLASSES.relativize(Path.of(found.getFirst())).toString();
      return Class.forName(relative.replaceFirst("\\.class$", "").replace('/', '.'));
    }
  }

  /** Converts to bytes, milliseconds or a plain number; returns any other text unchanged. */
  private static Object amount(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (upper.matches("\\d+")) {
      return Long.parseLong(upper);
    }
    if (upper.matches("\\d+[KMGT]?B")) {
      return DataSize.parse(upper).toBytes();
    }
    return text.matches("\\d+(ms|s|m|h|d)") ? DurationStyle.detectAndParse(text) : text;
  }

  private static void flatten(String prefix, Map<String, Object> from) {
    from.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> map) {
            map.forEach((inner, deep) -> flatten(prefix + key + ".", Map.of("" + inner, deep)));
          } else {
            yaml.put(prefix + key, String.valueOf(value));
          }
        });
  }
}
