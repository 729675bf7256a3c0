package dev.waybill.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Compares the problems, error codes and metrics in {@code docs/api.md} with the code. */
class ApiReferenceTest {

  /** A problem in the source code: first the status, then the name. */
  private static final Pattern IN_CODE =
      Pattern.compile("\\bHttpStatus\\.[A-Z_]+,\\s+\"([a-z]+(?:-[a-z]+)*)\"");

  /** A metric in the source code, with a name in the form of Micrometer or of Prometheus. */
  private static final Pattern METRIC_IN_CODE =
      Pattern.compile("(?:counter|[bB]uilder|name)\\(\\s*\"(waybill[._][a-z._]+)\"");

  private static final Pattern METRIC_ROW =
      Pattern.compile("(?m)^\\| `(waybill_[a-z_]+?)(?:_total)?(?:\\{[a-z]+})?` \\|");

  private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");
  private static final Pattern CAUSE = Pattern.compile("(?m)^ {2}'cause\\.([a-z-]+)': '.");
  private static final Pattern QUOTED = Pattern.compile("\"([a-z-]+)\"");

  private static String code;
  private static String problems;
  private static String rowErrors;
  private static String metrics;

  @BeforeAll
  static void read() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      code = files.filter(Files::isRegularFile).map(ApiReferenceTest::text).collect(joining());
    }
    String reference = Files.readString(Path.of("docs/api.md"));
    problems = section(reference, "## Problems");
    rowErrors = section(reference, "### Error codes");
    metrics = section(reference, "## Metrics");
  }

  @Test
  void listsEveryProblem() {
    assertThat(names(problems)).isNotEmpty().containsAll(found(IN_CODE, code));
  }

  @Test
  void listsNoProblemThatIsNotThere() {
    assertThat(found(QUOTED, code)).containsAll(names(problems));
  }

  @Test
  void listsTheCodesOfRowsThatTheApiDescriptionHas() throws IOException {
    String openapi = Files.readString(Path.of("src/main/resources/static/openapi.yaml"));
    String inDescription = openapi.substring(openapi.indexOf("enum: [sku-missing"));
    String list = inDescription.substring("enum: [".length(), inDescription.indexOf(']'));

    assertThat(names(rowErrors)).containsExactlyInAnyOrder(list.split(", "));
  }

  /** ImportCentreIT checks that the other languages have the same texts. */
  @Test
  void thePageHasWordsForEachCodeOfARow() throws IOException {
    String english = Files.readString(Path.of("src/main/resources/static/js/texts-en.js"));

    assertThat(found(CAUSE, english)).containsAll(names(rowErrors));
  }

  @Test
  void listsEveryMetricAndNoOther() {
    Set<String> made = new TreeSet<>();
    found(METRIC_IN_CODE, code).forEach(name -> made.add(name.replace('.', '_')));

    assertThat(found(METRIC_ROW, metrics)).isEqualTo(made);
  }

  private static Set<String> names(String section) {
    return found(TABLE_ROW, section);
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    pattern.matcher(text).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  /** The text from a heading to the next heading of the same or a higher level. */
  private static String section(String document, String heading) {
    int from = document.indexOf(heading + "\n");
    assertThat(from).as(heading).isNotNegative();
    String rest = document.substring(from + heading.length());
    return rest.split("\n#{1,%d} ".formatted(heading.indexOf(' ')))[0];
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
