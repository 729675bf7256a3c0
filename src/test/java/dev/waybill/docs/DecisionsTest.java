package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks the form of the records in {@code docs/decisions}, and that the targets of their links
 * exist.
 */
class DecisionsTest {

  private static final Path FOLDER = Path.of("docs/decisions");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
  private static final Pattern FORM =
      Pattern.compile(
          "# (\\d{4}): [^\\n]+\\n\\nDate: \\d{4}-\\d\\d-\\d\\d\\. Explains: \\[[^\\n]+\\n"
              + "\\n## Context\\n.+\\n## Decision\\n.+\\n## Consequences\\n.+",
          Pattern.DOTALL);

  @Test
  void everyRecordHasADateAClassContextDecisionAndConsequences() throws IOException {
    assertThat(records())
        .isNotEmpty()
        .allSatisfy(record -> assertThat(Files.readString(record)).matches(FORM));
  }

  @Test
  void recordsAreNumberedWithoutAGap() throws IOException {
    List<Path> records = records();
    for (int at = 0; at < records.size(); at++) {
      assertThat(records.get(at).getFileName().toString()).startsWith("%04d-".formatted(at + 1));
    }
  }

  @Test
  void theIndexNamesEveryRecordOnce() throws IOException {
    String index = Files.readString(FOLDER.resolve("README.md"));
    assertThat(records())
        .allSatisfy(record -> assertThat(index).containsOnlyOnce("(" + record.getFileName() + ")"));
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path page : pages()) {
      assertThat(LINK.matcher(Files.readString(page)).results().map(link -> link.group(1)))
          .as(page.toString())
          .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
    }
  }

  private static List<Path> records() throws IOException {
    return pages().stream().filter(page -> !page.endsWith("README.md")).toList();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.sorted().toList();
    }
  }
}
