package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Counts;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** Files that the disk lost, whole or in part, between their upload and their import. */
class LostFileTest extends ImportTestBase {

  private interface Damage {
    void to(Path file) throws IOException;
  }

  /** Uploads a file and damages it before its import begins. */
  private Job imported(String rows, Damage damage) throws Exception {
    picked.beforeBegin(
        execution -> {
          try {
            damage.to(stored(execution.taskInstance.getId()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return imported(rows);
  }

  private static Damage cutTo(int bytes) {
    return file -> {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(bytes);
      }
    };
  }

  private void assertLost(Job job, int rows) {
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.attempt()).isOne();
    assertThat(json(job.error()).get("code").asString()).isEqualTo("file-lost");
    assertThat(json(job.error()).get("detail").asString())
        .contains("The rows up to %d are imported".formatted(rows));
    assertThat(job.counts()).isEqualTo(new Counts(rows, rows, 0, 0, 0));
    assertThat(database.sql("SELECT COUNT(*) FROM product").query(Integer.class).single())
        .isEqualTo(rows);
    assertThat(stored(job.id())).doesNotExist();
  }

  @Test
  @Shows({"failure.file-lost", "job.keeps-its-chunks"})
  void aFileThatWasCutShortEndsTheJobAndKeepsItsWholeChunks() throws Exception {
    int header = "sku,name\n".length();
    int rows = rows(0, 25, "n").length();
    assertLost(imported(rows(0, 40, "n"), cutTo(header + rows)), 20);
  }

  @Test
  void aFileThatWasCutWithinARowDoesNotImportThatRow() throws Exception {
    int header = "sku,name\n".length();
    int rows = rows(0, 26, "name").length();
    assertLost(imported(rows(0, 40, "name"), cutTo(header + rows - 3)), 20);
  }

  @Test
  void aFileThatWasCutBehindAChunkKeepsThatChunk() throws Exception {
    int header = "sku,name\n".length();
    int rows = rows(0, 30, "n").length();
    assertLost(imported(rows(0, 40, "n"), cutTo(header + rows)), 30);
  }

  @Test
  void aFileThatWasCutWithinTheLastRowOfAChunkDoesNotImportThatRow() throws Exception {
    int header = "sku,name\n".length();
    int rows = rows(0, 30, "name").length();
    assertLost(imported(rows(0, 40, "name"), cutTo(header + rows - 3)), 20);
  }

  @Test
  @Shows("failure.file-lost")
  void aFileThatIsGoneBeforeItsImportBeginsEndsTheJob() throws Exception {
    assertLost(imported(rows(0, 40, "n"), Files::delete), 0);
  }
}
