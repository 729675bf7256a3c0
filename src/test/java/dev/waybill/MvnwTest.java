package dev.waybill;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the real {@code mvnw} with a fake Maven archive, in which Maven is a script of one line. */
class MvnwTest {

  private static final String ZIP = "/dist/apache-maven-3.9.99-bin.zip";
  private static final String REPOSITORY_ZIP =
      "/mirror/org/apache/maven/apache-maven/3.9.99/apache-maven-3.9.99-bin.zip";

  @TempDir Path folder;
  private Path home;
  private Path path;
  private HttpServer archive;
  private byte[] zip;
  private final List<String> fetched = new CopyOnWriteArrayList<>();

  @BeforeEach
  void layOutAProjectAndAnArchive() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    path = Files.createDirectory(folder.resolve("bin"));
    String tools = "awk chmod curl cut dirname grep mkdir mktemp mv rm sed sha512sum tr unzip";
    for (String tool : tools.split(" ")) {
      offer(tool);
    }

    zip = zipOfMaven();
    archive = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    archive.createContext(
        "/",
        exchange -> {
          String wanted = exchange.getRequestURI().getPath();
          fetched.add(wanted);
          boolean known = wanted.equals(ZIP) || wanted.equals(REPOSITORY_ZIP);
          exchange.sendResponseHeaders(known ? 200 : 404, known ? zip.length : -1);
          if (known) {
            exchange.getResponseBody().write(zip);
          }
          exchange.close();
        });
    archive.start();

    Files.createDirectories(project().resolve(".mvn/wrapper"));
    Files.copy(Path.of("mvnw"), project().resolve("mvnw"));
    project().resolve("mvnw").toFile().setExecutable(true);
    describe(address() + ZIP, sha512(zip));
  }

  @AfterEach
  void stopTheArchive() {
    archive.stop(0);
  }

  @Test
  void fetchesMavenChecksItAndPassesTheArgumentsOn() throws Exception {
    Run run = mvnw("-B", "verify", "-Dtext=two words");

    assertThat(run.output()).contains("fetched maven: [-B] [verify] [-Dtext=two words]");
    assertThat(run.status()).isZero();
    assertThat(fetched).containsExactly(ZIP);
  }

  @Test
  void usesTheFetchedMavenAgain() throws Exception {
    mvnw("validate");
    archive.stop(0);

    Run second = mvnw("validate");

    assertThat(second.output()).isEqualTo("fetched maven: [validate]\n");
    assertThat(fetched).hasSize(1);
  }

  @Test
  void startsTheServiceWithoutTheTestsAndTheirLibraries() throws Exception {
    installMaven("3.9.11");

    assertThat(mvnw("-B", "spring-boot:run", "-Dspring-boot.run.profiles=postgres").output())
        .isEqualTo(
            "installed maven: -Dmaven.test.skip -B spring-boot:run"
                + " -Dspring-boot.run.profiles=postgres\n");
  }

  @Test
  void skipsNoTestWhereAnotherGoalIsNamed() throws Exception {
    installMaven("3.9.11");

    assertThat(mvnw("verify", "spring-boot:run").output())
        .isEqualTo("installed maven: verify spring-boot:run\n");
  }

  @Test
  void handsOnTheStatusOfMaven() throws Exception {
    assertThat(mvnw("fail").status()).isEqualTo(7);
  }

  @Test
  void refusesAFileWithAnotherChecksum() throws Exception {
    String expected = "0".repeat(128);
    describe(address() + ZIP, expected);

    Run run = mvnw("validate");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .contains("the checksum of " + address() + ZIP + " is wrong, so it was thrown away.")
        .contains("Its SHA-512 should be " + expected + " and is " + sha512(zip))
        .doesNotContain("fetched maven");
    assertThat(filesAtHome()).as("nothing stays").isEmpty();
  }

  @Test
  void saysWhatToDoWhereTheArchiveIsOutOfReach() throws Exception {
    archive.stop(0);

    Run run = mvnw("validate");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .contains("could not fetch " + address() + ZIP)
        .contains("Install Maven 3.8.7 or newer, or set MVNW_REPOURL");
    assertThat(filesAtHome()).as("nothing stays").isEmpty();
  }

  @Test
  void fetchesFromAMavenRepositoryInstead() throws Exception {
    describe("http://127.0.0.1:1/unreachable/apache-maven-3.9.99-bin.zip", sha512(zip));

    Run run = mvnw(Map.of("MVNW_REPOURL", address() + "/mirror/"), "validate");

    assertThat(run.output()).endsWith("fetched maven: [validate]\n");
    assertThat(fetched).containsExactly(REPOSITORY_ZIP);
  }

  @Test
  void worksWithWgetAndTheJdkAloneWhereCurlAndUnzipAreMissing() throws Exception {
    Files.delete(path.resolve("curl"));
    Files.delete(path.resolve("unzip"));
    offer("wget");

    assertThat(mvnw("validate").output()).endsWith("fetched maven: [validate]\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.8.6", "3.6.3", "2.2.1"})
  void leavesAnOldMavenOnThePathAlone(String version) throws Exception {
    installMaven(version);

    assertThat(mvnw("validate").output()).endsWith("fetched maven: [validate]\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.8.7", "3.9.11", "3.10.0", "4.0.0-rc-4"})
  void usesAnInstalledMaven(String version) throws Exception {
    installMaven(version);

    assertThat(mvnw("validate").output()).isEqualTo("installed maven: validate\n");
    assertThat(fetched).isEmpty();
  }

  @Test
  void findsAJdk25WhereJavaHomeIsNotSet() throws Exception {
    Path jdk = home.resolve(".jdks/temurin-25");
    Files.createDirectories(jdk.resolve("bin"));
    script(jdk.resolve("bin/javac"), "");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    script(
        path.resolve("mvn"),
        "[ \"$1\" = --version ] && echo Apache Maven 3.9.11 || echo \"$JAVA_HOME\"");

    Run run = mvnw(Map.of("JAVA_HOME", ""), "validate");

    // If the machine has a JDK 25 installed, mvnw prefers it.
    Path found = Path.of(run.output().strip());
    assertThat(found.resolve("release")).content().contains("JAVA_VERSION=\"25");
  }

  @Test
  void theProjectNamesTheApacheArchiveAndAChecksum() throws IOException {
    assertThat(Path.of(".mvn/wrapper/maven-wrapper.properties"))
        .content()
        .containsPattern("(?m)^distributionUrl=https://archive\\.apache\\.org/\\S+-bin\\.zip$")
        .containsPattern("(?m)^distributionSha512Sum=[0-9a-f]{128}$");
  }

  private record Run(int status, String output) {}

  private Run mvnw(String... arguments) throws Exception {
    return mvnw(Map.of(), arguments);
  }

  private Run mvnw(Map<String, String> settings, String... arguments) throws Exception {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(project().resolve("mvnw").toString()), Stream.of(arguments))
                .toList());
    builder.environment().clear();
    builder.environment().put("PATH", path.toString());
    builder.environment().put("HOME", home.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(settings);
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("mvnw ended in time").isTrue();
    return new Run(process.exitValue(), Files.readString(output));
  }

  private Path project() {
    return folder.resolve("project");
  }

  private String address() {
    return "http://127.0.0.1:" + archive.getAddress().getPort();
  }

  private void describe(String url, String sum) throws IOException {
    Files.writeString(
        project().resolve(".mvn/wrapper/maven-wrapper.properties"),
        "distributionUrl=" + url + "\ndistributionSha512Sum=" + sum + "\n");
  }

  private void installMaven(String version) throws IOException {
    script(
        path.resolve("mvn"),
        // Maven prints its version in bold on a terminal.
        "[ \"$1\" = --version ] && printf '\\033[1mApache Maven "
            + version
            + " (abc)\\033[m\\n' || echo \"installed maven: $*\"");
  }

  /** Puts one tool on the PATH of mvnw, without the other tools in the same folder. */
  private void offer(String tool) throws IOException {
    Path real =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(each -> Path.of(each, tool))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new AssertionError("this test needs " + tool));
    // A script and not a link, because @TempDir warns of each link to a file outside of it.
    script(path.resolve(tool), "exec " + real + " \"$@\"");
  }

  private List<Path> filesAtHome() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static byte[] zipOfMaven() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry("apache-maven-3.9.99/bin/mvn"));
      String maven =
          """
          #!/bin/sh
          printf 'fetched maven:'
          printf ' [%s]' "$@"
          echo
          [ "$1" != fail ] || exit 7
          """;
      out.write(maven.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String sha512(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
  }
}
