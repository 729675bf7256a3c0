package dev.waybill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.StringWrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks that every Java file has Google's format. With {@code -Dformat.write=true}, it rewrites
 * the files that differ; {@code ./scripts/format} does this.
 */
class SourceFormatTest {

  private static final Formatter FORMATTER = new Formatter();

  @Test
  void everyJavaFileIsFormatted() throws IOException {
    boolean write = Boolean.getBoolean("format.write");
    List<String> wrong = new ArrayList<>();
    for (Path file : javaFiles()) {
      String source = Files.readString(file);
      String formatted = format(file, source);
      if (!formatted.equals(source)) {
        if (write) {
          Files.writeString(file, formatted, UTF_8);
        } else {
          wrong.add(file.toString());
        }
      }
    }
    assertThat(wrong).as("files to format; ./scripts/format does it").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class A {\n    int a;\n}\n",
        "import java.util.List;\n\nclass A {}\n",
        "class A {}"
      })
  void noticesWhatDiffers(String source) {
    assertThat(format(Path.of("A.java"), source)).isNotEqualTo(source);
  }

  private static List<Path> javaFiles() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String root : List.of("src", "bench")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(found::add);
      }
    }
    return found;
  }

  /** Formats in the same way as the command line tool of google-java-format. */
  private static String format(Path file, String source) {
    try {
      String ordered = ImportOrderer.reorderImports(source, Style.GOOGLE);
      String used = RemoveUnusedImports.removeUnusedImports(ordered);
      return StringWrapper.wrap(FORMATTER.formatSource(used), FORMATTER);
    } catch (FormatterException e) {
      throw new AssertionError("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
