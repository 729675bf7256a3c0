package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.process.WaybillProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands in the README and in the other pages with the packaged service, each page in
 * its order. {@link MarkedCommands} says which commands are run.
 */
class DocumentedCommandsIT {

  private static final String ADDRESS = "localhost:8080";

  @TempDir private static Path folder;
  private static WaybillProcess service;

  @BeforeAll
  static void start() {
    service = WaybillProcess.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCommandsDoWhatThePageSays(Path page) throws Exception {
    Path place = Files.createTempDirectory(folder, "page");
    Files.createDirectory(place.resolve("samples"));
    Files.copy(Path.of("samples/products.csv"), place.resolve("samples/products.csv"));
    new MarkedCommands(page, place, Map.of())
        .run(text -> text.replace(ADDRESS, "localhost:" + service.port()));
  }

  @Test
  void theReadmeHasTheThreeCommandsOfTheFirstMinute() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .containsSubsequence(
            "```sh\n./mvnw spring-boot:run\n```",
            "curl -i -F file=@samples/products.csv http://localhost:8080/api/upload/csv",
            "curl -N http://localhost:8080/api/jobs/$id/events",
            "```sh\n./scripts/verify\n```");
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path page : Pages.all()) {
      // AccessRecipesIT runs the commands about access, because they need a separate service.
      if (MarkedCommands.areOn(page) && !page.endsWith("access.md")) {
        pages.add(page);
      }
    }
    return pages;
  }
}
