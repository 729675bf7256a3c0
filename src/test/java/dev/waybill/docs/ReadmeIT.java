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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the README's commands, in its order, against the packaged service. A command is run that
 * stands alone in a block after a comment {@code <!-- run, expect: … -->}, which says what its
 * output must contain. {@code <id>} is the transaction ID that was printed last.
 */
class ReadmeIT {

  private static final String ADDRESS = "http://localhost:8080";

  private static final String MARK = "<!-- run, expect: ";

  private static final Pattern COMMAND = Pattern.compile(MARK + "(.+) -->\n```sh\n(.+)\n```\n");

  private static final Pattern ID = Pattern.compile("\"transactionId\":\"([0-9a-f]{32})\"");

  @TempDir private Path folder;
  private String lastId = "<id>";

  private record Command(String text, String expected) {}

  @Test
  void theCommandsDoWhatTheReadmeSays() throws Exception {
    List<Command> commands = commands();
    assertThat(commands)
        .extracting(Command::text)
        .contains(
            "curl -i -F file=@samples/products.csv http://localhost:8080/api/upload/csv",
            "curl -N http://localhost:8080/api/jobs/<id>/events",
            "curl http://localhost:8080/api/jobs/<id>/products");
    Files.createDirectory(folder.resolve("samples"));
    Files.copy(Path.of("samples/products.csv"), folder.resolve("samples/products.csv"));
    try (WaybillProcess service = WaybillProcess.start(folder.resolve("data"))) {
      for (Command command : commands) {
        assertThat(run(command.text(), service)).as(command.text()).contains(command.expected());
      }
    }
  }

  private static List<Command> commands() throws IOException {
    List<Command> commands = new ArrayList<>();
    String readme = Files.readString(Path.of("README.md"));
    Matcher found = COMMAND.matcher(readme);
    while (found.find()) {
      commands.add(new Command(found.group(2), found.group(1)));
    }
    // A mark whose block is not understood would be a command that nobody runs.
    assertThat(commands).hasSize(readme.split(MARK, -1).length - 1);
    return commands;
  }

  private String run(String command, WaybillProcess service) throws Exception {
    String filled =
        command.replace(ADDRESS, "http://localhost:" + service.port()).replace("<id>", lastId);
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder("sh", "-c", filled)
            .directory(folder.toFile())
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
