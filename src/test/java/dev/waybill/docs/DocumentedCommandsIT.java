package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.process.WaybillProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands of the README and of the documents, page by page and in the order of the page,
 * against the packaged service. A command is run if its block follows a comment {@code <!-- run,
 * expect: … -->}, which says what its output must contain. {@code <id>} is the transaction ID that
 * was printed last.
 */
class DocumentedCommandsIT {

  private static final String ADDRESS = "localhost:8080";

  private static final String MARK = "<!-- run, expect: ";

  private static final Pattern COMMAND =
      Pattern.compile(MARK + "([^\n]+) -->\n```sh\n(.+?)\n```\n", Pattern.DOTALL);

  private static final Pattern ID = Pattern.compile("\"transactionId\":\"([0-9a-f]{32})\"");

  @TempDir private static Path folder;
  private static WaybillProcess service;
  private String lastId = "<id>";

  private record Command(String text, String expected) {}

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
    for (Command command : commands(page)) {
      assertThat(run(command.text(), place)).as(command.text()).contains(command.expected());
    }
  }

  @Test
  void theReadmeHasTheThreeCommandsOfTheFirstMinute() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .containsSubsequence(
            "```sh\n./mvnw spring-boot:run\n```",
            "curl -i -F file=@samples/products.csv http://localhost:8080/api/upload/csv",
            "curl -N http://localhost:8080/api/jobs/<id>/events",
            "```sh\n./scripts/verify\n```");
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path page : Pages.all()) {
      if (Files.readString(page).contains("\n" + MARK)) {
        pages.add(page);
      }
    }
    return pages;
  }

  private static List<Command> commands(Path page) throws IOException {
    List<Command> commands = new ArrayList<>();
    String text = Files.readString(page);
    Matcher found = COMMAND.matcher(text);
    while (found.find()) {
      commands.add(new Command(found.group(2), found.group(1)));
    }
    // A mark whose block is not understood would be a command that nobody runs.
    assertThat(commands).hasSize(text.split("\n" + MARK, -1).length - 1);
    return commands;
  }

  private String run(String command, Path place) throws Exception {
    String filled = command.replace(ADDRESS, "localhost:" + service.port()).replace("<id>", lastId);
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder("sh", "-c", filled)
            .directory(place.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(process.waitFor()).as("%s\n%s", filled, text).isZero();
    Matcher ids = ID.matcher(text);
    if (ids.find()) {
      lastId = ids.group(1);
    }
    return text;
  }
}
