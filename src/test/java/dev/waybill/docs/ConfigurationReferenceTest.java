package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Checks that {@code docs/configuration.md} lists all settings. With {@code -Dreference.write=true}
 * it rewrites the table.
 */
class ConfigurationReferenceTest {

  private static final Path FILE = Path.of("docs/configuration.md");
  private static final String BEGIN = "<!-- settings: written by ConfigurationReferenceTest -->\n";
  private static final String END = "<!-- end of settings -->\n";
  private static final String COMMAND =
      "./mvnw -q test -Dtest=ConfigurationReferenceTest -Dreference.write=true";

  @Test
  void listsEverySettingAsItIs() throws IOException {
    String document = Files.readString(FILE);
    int from = document.indexOf(BEGIN) + BEGIN.length();
    int to = document.indexOf(END);
    assertThat(to).as("the marks around the table in " + FILE).isGreaterThanOrEqualTo(from);
    String table = SettingsReference.table(SettingsReference.settings());
    String expected = document.substring(0, from) + table + document.substring(to);
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(FILE, expected);
    } else {
      assertThat(document)
          .as(FILE + " is out of date; write it with " + COMMAND)
          .isEqualTo(expected);
    }
  }

  @Test
  void everySettingIsDescribed() throws IOException {
    assertThat(SettingsReference.settings())
        .isNotEmpty()
        .allSatisfy(setting -> assertThat(setting.description()).as(setting.name()).isNotEmpty());
  }
}
