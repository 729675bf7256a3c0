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
 * The time of an answer must not help to guess a secret. So secrets are compared in constant time.
 * Keys are looked up by their hash, which a caller cannot change character by character.
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
