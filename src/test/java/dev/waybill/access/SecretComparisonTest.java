package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The time of an answer says nothing about a secret: secrets are compared in constant time, and a
 * key is looked up by its hash, which no caller can choose digit by digit.
 */
class SecretComparisonTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/waybill");

  @Test
  void everyClassThatComparesASecretDoesSoInConstantTime() {
    for (String source :
        List.of(
            "access/AccessProperties.java",
            "access/WatchTokens.java",
            "worker/IssueWorkerTokens.java")) {
      assertThat(read(SOURCES.resolve(source))).as(source).contains("MessageDigest.isEqual(");
    }
  }

  @Test
  void noSecretIsComparedByEquals() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES.resolve("access"))) {
      assertThat(files)
          .allSatisfy(
              file ->
                  assertThat(read(file))
                      .as(file.toString())
                      .doesNotContainPattern(
                          "(?i)(?:bootstrapKey|secret|signature|token|sha256\\([^)]*\\))\\.equals\\(")
                      .doesNotContain("Arrays.equals("));
    }
  }

  @Test
  void noTableHasAKeyOrTheIdOfASessionInPlainText() {
    assertThat(read(SOURCES.resolve("access/KeyStore.java"))).doesNotContain("text()");
    assertThat(read(SOURCES.resolve("access/Credentials.java")))
        .contains("keys.byHash(KeyText.hash(");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
