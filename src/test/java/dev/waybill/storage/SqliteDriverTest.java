package dev.waybill.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Waybill needs from the version of SQLite that its driver contains. */
class SqliteDriverTest {

  @TempDir private Path folder;

  /** With SQLite 3.51.1 all threads stopped within seconds, each waiting for a lock of another. */
  @Test
  void connectionsThatOpenAndCloseAtTheSameTimeDoNotStopEachOther() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OpenAndClose.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended").isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(Files.readString(output)).endsWith("done\n");
  }
}
