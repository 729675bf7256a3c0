package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that every link in the pages leads to an existing file and heading. */
class LinksTest {

  private static final Pattern LINK =
      Pattern.compile("(?:\\]\\(|(?:src|srcset)=\")([^)\"\\s]*)[)\"]");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\n]*`", Pattern.DOTALL);
  private static final Pattern BLOCK = Pattern.compile("(?m)^ *```.*?^ *```", Pattern.DOTALL);

  @Test
  void everyLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : Pages.all()) {
      Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll("code"));
      while (link.find()) {
        if (!leads(page, link.group(1))) {
          broken.add(page + ": " + link.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void theIndexNamesEveryDocument() throws IOException {
    String index = Files.readString(Path.of("docs/README.md"));
    assertThat(Pages.all())
        .filteredOn(page -> Path.of("docs").equals(page.getParent()))
        .allSatisfy(
            page -> {
              String name = page.getFileName().toString();
              assertThat(name.equals("README.md") || index.contains("(" + name)).as(name).isTrue();
            });
  }

  @Test
  void theReadmeHasAtMost150Lines() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(150);
  }

  private static boolean leads(Path page, String link) throws IOException {
    if (link.matches("(?:https?|mailto):.*")) {
      return true;
    }
    String[] parts = link.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (parts.length == 1) {
      return Files.exists(file);
    }
    return Files.exists(file) && anchors(Files.readString(file)).contains(parts[1]);
  }

  /** The anchors that GitHub gives to the headings of a page. */
  private static List<String> anchors(String page) {
    return HEADING
        .matcher(BLOCK.matcher(page).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
