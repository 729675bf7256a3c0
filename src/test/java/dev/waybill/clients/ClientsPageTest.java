package dev.waybill.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that {@code docs/clients.md} shows the code that {@link ClientsIT} runs. */
class ClientsPageTest {

  private static final Path JAVA = Path.of("src/test/java/dev/waybill/clients");
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet\n(.*)  // end of snippet", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eventsource.js",
        "undici.js",
        "fetch-event-source.js",
        "curl.sh",
        "watch.py",
        "JdkWatch.java",
        "OkHttpClientWatch.java",
        "WebClientWatch.java",
        "JerseyWatch.java"
      })
  void showsTheCodeThatIsTested(String file) throws IOException {
    String page = Files.readString(Path.of("docs/clients.md"));
    String code = file.endsWith(".java") ? snippet(file) : read(ProgramWatch.FOLDER.resolve(file));
    String language = file.substring(file.lastIndexOf('.') + 1);
    assertThat(page).contains("<!-- " + file + " -->\n```" + language + "\n" + code + "```\n");
  }

  private static String snippet(String file) throws IOException {
    Matcher matcher = SNIPPET.matcher(read(JAVA.resolve(file)));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1).stripTrailing().stripIndent() + "\n";
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
