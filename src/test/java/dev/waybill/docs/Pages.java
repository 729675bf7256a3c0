package dev.waybill.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pages for readers: Markdown files at the top of the repository, in docs and in examples. */
final class Pages {

  private Pages() {}

  static List<Path> all() throws IOException {
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> documents = Files.walk(Path.of("docs"));
        Stream<Path> examples = walk(Path.of("examples"))) {
      return Stream.of(top, documents, examples)
          .flatMap(pages -> pages)
          .filter(page -> page.toString().endsWith(".md"))
          .filter(page -> !page.toString().contains("node_modules"))
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> walk(Path folder) throws IOException {
    return Files.isDirectory(folder) ? Files.walk(folder) : Stream.empty();
  }
}
