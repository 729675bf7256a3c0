package dev.waybill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of {@code scripts/cluster}, started one by one. */
class ClusterScriptIT {

  @TempDir private Path state;

  private int port;

  @BeforeEach
  void choosePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void down() throws Exception {
    assertThat(cluster("down").waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aServerThatTakesItsTimeToBeginIsWaitedFor() throws Exception {
    // Redis may run as another user.
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
    // A process that opens a pipe for writing blocks until another process reads it.
    Path log = state.resolve("redis.log");
    assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor()).isZero();

    Process start = cluster("start", "redis");
    Awaitility.await().until(() -> Files.exists(state.resolve("redis.pid")));

    try (InputStream output = new FileInputStream(log.toFile())) {
      assertThat(output.read()).isPositive();
      assertThat(start.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(start.exitValue()).isZero();
    }
  }

  @Test
  void accessIsNotSwitchedOnWhileThePodsRunWithoutIt() throws Exception {
    Files.createDirectory(state.resolve("settings"));
    Files.writeString(state.resolve("settings/CLUSTER_ACCESS"), "off\n");
    // Stands in for a pod: any process whose command line names the state folder.
    Process pod =
        new ProcessBuilder("tail", "-f", Files.createFile(state.resolve("pod")).toString()).start();
    Files.writeString(state.resolve("pod1.pid"), Long.toString(pod.pid()));
    try {
      for (String[] arguments : new String[][] {{"up"}, {"start", "2"}}) {
        ProcessBuilder script = script(arguments);
        script.environment().put("CLUSTER_ACCESS", "on");

        Process started = script.redirectErrorStream(true).start();

        assertThat(new String(started.getInputStream().readAllBytes(), UTF_8))
            .contains("the cluster runs with CLUSTER_ACCESS=off")
            .doesNotContain("API key");
        assertThat(started.waitFor()).isEqualTo(1);
      }
    } finally {
      pod.destroy();
    }
  }

  private Process cluster(String... arguments) throws Exception {
    return script(arguments)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private ProcessBuilder script(String... arguments) {
    ProcessBuilder script = new ProcessBuilder("scripts/cluster");
    script.command().addAll(List.of(arguments));
    script.environment().put("CLUSTER_DIR", state.toString());
    script.environment().put("CLUSTER_REDIS_PORT", Integer.toString(port));
    return script;
  }
}
