package dev.waybill.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client that runs as a separate program. The program ends by itself when the job ends. */
final class ProgramWatch implements SseClient {

  static final Path FOLDER = Path.of("src/test/clients");

  private final boolean printsFrames;
  private final List<String> command;
  private final List<String> options;

  private ProgramWatch(boolean printsFrames, List<String> command, List<String> options) {
    this.printsFrames = printsFrames;
    this.command = command;
    this.options = options;
  }

  /** Runs a Node script that prints the ID and the name of each event. */
  static ProgramWatch node(String script) {
    return new ProgramWatch(false, List.of("node", script), List.of());
  }

  /**
   * Runs a Python 3 script that uses only the standard library and prints the ID and the name of
   * each event.
   */
  static ProgramWatch python(String script) {
    return new ProgramWatch(false, List.of("python3", script), List.of());
  }

  /** Runs curl, which prints the bytes of the stream unchanged. */
  static ProgramWatch curl(String... options) {
    return new ProgramWatch(true, List.of("./curl.sh"), List.of(options));
  }

  @Override
  public void watch(URI events, EventUse use) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.add(events.toString());
    line.addAll(options);
    Process process =
        new ProcessBuilder(line)
            .directory(FOLDER.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      if (printsFrames) {
        readFrames(output, use);
      } else {
        output.lines().map(text -> text.split(" ")).forEach(word -> use.event(word[0], word[1]));
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException(line + " ended with " + process.exitValue());
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void readFrames(BufferedReader output, EventUse use) throws IOException {
    String id = "";
    String name = "";
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("id:")) {
        id = line.substring(3).strip();
      } else if (line.startsWith("event:")) {
        name = line.substring(6).strip();
      } else if (line.isEmpty() && !name.isEmpty()) {
        use.event(id, name);
        name = "";
      }
    }
  }
}
