package dev.waybill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rejects the words that {@code CONTRIBUTING.md} bans, in all text of the repository. */
class PlainWordsTest {

  /** The pattern of each banned word, and the form in which {@code CONTRIBUTING.md} lists it. */
  private static final Map<Pattern, String> BANNED =
      Map.of(
          anyCase("\\banew\\b"),
          "“anew”",
          anyCase("\\bmidst\\b"),
          "“midst”",
          anyCase("\\blest\\b"),
          "“lest”",
          anyCase("\\bwhoever\\b"),
          "“whoever”",
          anyCase("\\blet\\s+alone\\b"),
          "“let alone”",
          anyCase("\\b(?:tell|tells|telling|told)\\b"),
          "“tell”, “told”",
          anyCase("\\b(?:the|its|their|each|every|from|at|of) begin\\b(?!\\()"),
          "“the begin”",
          Pattern.compile(
              "\\bElse\\b|(?i:, else\\b(?! if\\b)|\\b(?:would|could|might|or) else\\b)"),
          "“, else”",
          Pattern.compile("(?:^|[.:;] )(?:\\W*)Of (?:an?|the) "),
          "“Of a …”",
          Pattern.compile("(?:^|[.:;] )(?:\\W*)Who (?![^.]*\\?)"),
          "“Who …”");

  private static final Pattern QUOTATION = Pattern.compile("“[^”\n]*”");

  private static final Set<String> ENDINGS =
      Set.of(
          "java",
          "md",
          "yaml",
          "yml",
          "js",
          "css",
          "html",
          "sh",
          "lua",
          "conf",
          "sql",
          "xml",
          "properties",
          "");

  private static final Set<String> NO_SOURCES =
      Set.of(".git", ".idea", ".vscode", "target", "data", "out", "node_modules");

  /**
   * Files that are not checked: this file has the words as patterns, and migrations never change.
   */
  private static final List<String> EXEMPT =
      List.of("src/test/java/dev/waybill/PlainWordsTest.java", "src/main/resources/db/migration/");

  /** Files and folders that are not rewritten yet, and so not checked. */
  private static final List<String> PENDING = List.of();

  @Test
  void noTextHasABannedWord() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : textFiles()) {
      String name = file.toString();
      if (EXEMPT.stream().noneMatch(name::startsWith)
          && PENDING.stream().noneMatch(name::startsWith)) {
        List<String> lines = Files.readAllLines(file);
        for (int at = 0; at < lines.size(); at++) {
          String where = name + ":" + (at + 1) + ": ";
          for (String word : bannedIn(name, lines.get(at))) {
            found.add(where + word);
          }
        }
      }
    }
    assertThat(found).as("banned words; CONTRIBUTING.md says what to write instead").isEmpty();
  }

  @Test
  void contributingNamesEveryBannedWord() throws IOException {
    assertThat(Path.of("CONTRIBUTING.md")).content().contains(BANNED.values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "// writes it anew|“anew”",
        "nobody is told of it|“tell”, “told”",
        "waits, else it fails|“, else”",
        "* Of a file that is gone, nothing stays.|“Of a …”",
        "It is closed. Who is over it comes back.|“Who …”",
        "from its begin to its end|“the begin”"
      })
  void noticesABannedWord(String line, String word) {
    assertThat(bannedIn("A.java", line)).containsExactly(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "} else if (whole) {",
        "Who may watch? Anyone with the ID.",
        "attempt.begin();",
        "intellect"
      })
  void leavesOtherTextAlone(String line) {
    assertThat(bannedIn("A.java", line)).isEmpty();
  }

  @Test
  void allowsAQuotationInMarkdownOnly() {
    assertThat(bannedIn("a.md", "Not “anew”.")).isEmpty();
    assertThat(bannedIn("A.java", "Not “anew”.")).isNotEmpty();
  }

  private static List<String> bannedIn(String file, String line) {
    String text = file.endsWith(".md") ? QUOTATION.matcher(line).replaceAll("“”") : line;
    List<String> words = new ArrayList<>();
    BANNED.forEach(
        (pattern, word) -> {
          Matcher matcher = pattern.matcher(text);
          if (matcher.find()) {
            words.add(word);
          }
        });
    return words;
  }

  private static Pattern anyCase(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  private static List<Path> textFiles() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        Path.of(""),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NO_SOURCES.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && ENDINGS.contains(ending(file))) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(found).hasSizeGreaterThan(100);
    return found;
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(dot + 1) : "";
  }
}
