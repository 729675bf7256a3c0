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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored files that are damaged or deleted between their upload and their import. */
class LostFileTest extends ImportTestBase {

  private interface Damage {
    void to(Path file) throws IOException;
  }

  /** Uploads a file of 40 rows and damages the stored file before its import begins. */
  private Job importedAfter(Damage damage, String name) throws Exception {
    damageBeforeBegin(damage);
    return imported(rows(0, 40, name));
  }

  private void damageBeforeBegin(Damage damage) {
    picked.beforeBegin(
        execution -> {
          try {
            damage.to(stored(execution.taskInstance.getId()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Cuts the file this many bytes before the end of its first rows. */
  private Job importedAfterCut(int rows, int bytesBefore, String name) throws Exception {
    int kept = "sku,name\n".length() + rows(0, rows, name).length() - bytesBefore;
    return importedAfter(cutTo(kept), name);
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

  /** Neither a dry run nor the first pass of reject-all changes products. */
  @ParameterizedTest
  @ValueSource(strings = {"dryRun=true", "onError=reject-all"})
  void aCheckOfACutFileDoesNotClaimThatRowsAreImported(String query) throws Exception {
    damageBeforeBegin(cutTo("sku,name\n".length() + rows(0, 25, "n").length()));

    Job job = awaitEnd(upload("?" + query, "sku,name\n" + rows(0, 40, "n")));

    assertThat(json(job.error()).get("code").asString()).isEqualTo("file-lost");
    assertThat(json(job.error()).get("detail").asString())
        .isEqualTo(
            "The uploaded file is missing or incomplete on the server. The rows were only checked,"
                + " and no product has changed. Upload the file again.");
  }

  @Test
  @Shows("failure.file-lost")
  void aFileThatIsGoneBeforeItsImportBeginsEndsTheJob() throws Exception {
    assertLost(importedAfter(Files::delete, "n"), 0);
  }
}
