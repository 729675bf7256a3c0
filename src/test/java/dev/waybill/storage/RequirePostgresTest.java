package dev.waybill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.WaybillApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a pod says at its start when something that the pods share is missing. */
@ExtendWith(OutputCaptureExtension.class)
class RequirePostgresTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                       | none is named
          jdbc:h2:mem:x                                            | must begin with jdbc:postgresql:
          jdbc:postgresql://127.0.0.1:1/waybill?password=secret    | 127.0.0.1:1/waybill cannot be used
          """)
  void saysWhatIsMissingAndHowToGiveIt(String url, String problem, CapturedOutput output) {
    refuse("--spring.datasource.url=" + url, "--waybill.data-dir=" + folder);

    assertThat(output)
        .contains("APPLICATION FAILED TO START", problem, "--spring.datasource.url=jdbc:postgresql")
        .doesNotContain("\tat ", "secret");
  }

  @Test
  void saysThatTheSharedFolderCannotBeWritten(CapturedOutput output) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    refuse(
        "--spring.datasource.url=" + PostgresServer.newDatabase(),
        "--spring.datasource.username=" + PostgresServer.USER,
        "--waybill.data-dir=" + file.resolve("below"));

    assertThat(output)
        .contains("where the pods share their uploads, cannot be written", "--waybill.data-dir=")
        .doesNotContain("\tat ");
  }

  private static void refuse(String... arguments) {
    SpringApplicationBuilder pod =
        new SpringApplicationBuilder(WaybillApplication.class).profiles("postgres");
    assertThatThrownBy(() -> pod.run(arguments)).isInstanceOf(Exception.class);
  }
}
