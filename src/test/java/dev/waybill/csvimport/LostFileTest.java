package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** Stored files that are damaged or deleted between their upload and their import. */
class LostFileTest extends ImportTestBase {

  private interface Damage {
    void to(Path file) throws IOException;
  }

  /** Uploads a file of 40 rows and damages the stored file before its import begins. */
  private Job importedAfter(Damage damage, String name) throws Exception {
    picked.beforeBegin(
        execution -> {
          try {
            damage.to(stored(execution.taskInstance.getId()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return imported(rows(0, 40, name));
  }

  /** Cuts the file this many bytes before the end of its first rows. */
  private Job importedAfterCut(int rows, int bytesBefore, String name) throws Exception {
    int kept = "sku,name\n".length() + rows(0, rows, name).length() - bytesBefore;
    return importedAfter(
        file -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(kept);
          }
        },
        name);
  }

  private void assertLost(Job job, int rows) {
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.attempt()).isOne();
    assertThat(json(job.error()).get("code").asString()).isEqualTo("file-lost");
    assertThat(json(job.error()).get("detail").asString())
        .contains("The rows up to %d are imported".formatted(rows));
    assertThat(counts(job)).isEqualTo(new Counts(rows, rows, 0, 0, 0, 0, 0));
    assertThat(database.sql("SELECT COUNT(*) FROM product").query(Integer.class).single())
        .isEqualTo(rows);
    assertThat(stored(job.id())).doesNotExist();
  }

  @Test
  @Shows({"failure.file-lost", "job.keeps-its-chunks"})
  void aFileThatWasCutShortEndsTheJobAndKeepsItsWholeChunks() throws Exception {
    assertLost(importedAfterCut(25, 0, "n"), 20);
  }

  @Test
  void aFileThatWasCutWithinARowDoesNotImportThatRow() throws Exception {
    assertLost(importedAfterCut(26, 3, "name"), 20);
  }

  @Test
  void aFileThatWasCutBehindAChunkKeepsThatChunk() throws Exception {
    assertLost(importedAfterCut(30, 0, "n"), 30);
  }

  @Test
  void aFileThatWasCutWithinTheLastRowOfAChunkDoesNotImportThatRow() throws Exception {
    assertLost(importedAfterCut(30, 3, "name"), 20);
  }

  @Test
  @Shows("failure.file-lost")
  void aFileThatIsGoneBeforeItsImportBeginsEndsTheJob() throws Exception {
    assertLost(importedAfter(Files::delete, "n"), 0);
  }
}
