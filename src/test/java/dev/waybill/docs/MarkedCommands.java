package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a page that a test runs: those whose code block follows a comment {@code <!--
 * run, expect: … -->}. The comment says which text the output must contain. The variable {@code id}
 * of the commands, and {@code <id>} in this text, are the last transaction ID that was printed.
 */
final class MarkedCommands {

  private static final String MARK = "<!-- run, expect: ";

  private static final Pattern COMMAND =
      Pattern.compile(MARK + "([^\n]+) -->\n```sh\n(.+?)\n```\n", Pattern.DOTALL);

  /**
   * Finds values in the output of a command that later commands need, by the name of a variable.
   */
  private static final Map<String, Pattern> PRINTED =
      Map.of(
          "id", Pattern.compile("\"transactionId\":\"([0-9a-f]{32})\""),
          "preview", Pattern.compile("\"previewId\":\"([0-9a-f]{32})\""),
          "KEY", Pattern.compile("\"key\":\"(wbk_[^\"]+)\""),
          "ADMIN_KEY", Pattern.compile("(?m)^(wbk_\\S+)$"),
          "KEY_ID", Pattern.compile("(?m)^([0-9a-f]+)  .+  scopes="),
          "JWT", Pattern.compile("\"access_token\":\"([^\"]+)\""),
          "TOKEN", Pattern.compile("\"token\":\"(wbt_[^\"]+)\""),
          "WORKER_TOKEN", Pattern.compile("\"workerToken\":\"([^\"]+)\""));

  private record Command(String text, String expected) {}

  private final List<Command> commands;
  private final Path folder;
  private final Map<String, String> environment;

  /**
   * @param folder the folder in which the commands run
   * @param environment environment variables for the commands
   */
  MarkedCommands(Path page, Path folder, Map<String, String> environment) throws IOException {
    this.commands = read(page);
    this.folder = folder;
    this.environment = new HashMap<>(environment);
  }

  private static List<Command> read(Path page) throws IOException {
    List<Command> commands = new ArrayList<>();
    String text = Files.readString(page);
    Matcher found = COMMAND.matcher(text);
    while (found.find()) {
      commands.add(new Command(found.group(2), found.group(1)));
    }
    // If a comment has no readable code block, its command would never be run.
    assertThat(commands).hasSize(text.split("\n" + MARK, -1).length - 1);
    return commands;
  }

  /** Whether a page has commands that a test runs. */
  static boolean areOn(Path page) throws IOException {
    return Files.readString(page).contains("\n" + MARK);
  }

  /**
   * Runs all marked commands of the page in their order.
   *
   * @param here replaces addresses and paths of the page by those of this test
   */
  void run(UnaryOperator<String> here) throws Exception {
    for (Command command : commands) {
      String expected = command.expected().replace("<id>", environment.getOrDefault("id", "<id>"));
      String output = run(here.apply(command.text()));
      assertThat(output).as(command.text()).contains(expected);
      PRINTED.forEach(
          (name, pattern) -> {
            Matcher value = pattern.matcher(output);
            if (value.find()) {
              environment.put(name, value.group(1));
            }
          });
    }
  }

  /** The value that a command has printed last for a variable, such as {@code KEY}. */
  String printed(String variable) {
    return environment.get(variable);
  }

  private String run(String command) throws Exception {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().putAll(environment);
    Process process = shell.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(process.waitFor()).as("%s\n%s", command, text).isZero();
    return text;
  }
}
