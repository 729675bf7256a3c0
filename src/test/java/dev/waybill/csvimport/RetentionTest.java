package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is kept of imports and files after their end, and how long. */
class RetentionTest extends ImportTestBase {

  private static final Duration RETENTION = Duration.ofDays(30);
  private static final Duration SWEEP_AGE = Duration.ofHours(24);

  @Test
  @Shows("setting.jobs.retention")
  void anOldJobGoesWithItsJournalAndRejectionsButNotItsProducts() throws Exception {
    Job old = imported(rows(0, 15, "n") + ",x\n");
    clock.pass(Duration.ofMillis(1));
    Job young = imported(rows(10, 25, "n") + ",x\n");
    clock.pass(RETENTION);

    runScheduled("ForgetOldJobs.forgetOldJobs");

    assertThat(jobs.find(old.id())).isEmpty();
    assertThat(count("journal", "job_id", old.id())).isZero();
    assertThat(count("rejection", "job_id", old.id())).isZero();
    assertThat(jobs.find(young.id())).hasValue(young);
    assertThat(count("journal", "job_id", young.id())).isEqualTo(2);
    assertThat(count("rejection", "job_id", young.id())).isOne();
    assertThat(database.sql("SELECT COUNT(*) FROM product").query(Integer.class).single())
        .isEqualTo(25);
    assertThat(get("/api/jobs/" + old.id() + "/products", "*/*").statusCode()).isEqualTo(404);
  }

  @Test
  void recordsWithoutAJobAreSwept() throws Exception {
    Job job = imported(rows(0, 5, "n") + ",x\n");
    for (String orphan : new String[] {"0", "f".repeat(32)}) {
      database
          .sql("INSERT INTO rejection VALUES (?, 1, 2, '[]', '', false)")
          .param(orphan)
          .update();
      database
          .sql(
              """
              INSERT INTO journal (job_id, first_row, last_row, next_offset, next_line, accepted,
                outcomes)
              VALUES (?, 1, 1, 0, 0, 0, '')
              """)
          .param(orphan)
          .update();
    }
    database.sql("INSERT INTO rejection VALUES ('only', 1, 2, '[]', '', false)").update();

    runScheduled("SweepOrphans.sweep");

    for (String table : new String[] {"journal", "rejection"}) {
      assertThat(database.sql("SELECT DISTINCT job_id FROM " + table).query(String.class).list())
          .containsExactly(job.id());
    }
  }

  @Test
  void onlyOldFilesThatNoJobStillNeedsAreSwept() throws Exception {
    String finished = imported(rows(0, 5, "n")).id();
    CountDownLatch swept = new CountDownLatch(1);
    picked.beforeBegin(_ -> await(swept));
    String unfinished = upload(rows(0, 5, "n"));
    Instant old = clock.instant().minus(SWEEP_AGE).minusMillis(1);
    Instant young = clock.instant().minus(SWEEP_AGE);
    touch(stored(unfinished), old);
    Path leftOver = touch(Files.createFile(stored(finished)), old);
    Path orphan = touch(Files.createFile(stored("0123456789abcdef0123456789abcdef")), old);
    Path youngOrphan = touch(Files.createFile(stored("fedcba9876543210fedcba9876543210")), young);
    Path draft = touch(Files.createFile(stored("old.part")), old);
    Path youngDraft = touch(Files.createFile(stored("young.part")), young);
    Path foreign = touch(Files.createFile(stored("read me.txt")), old);

    runScheduled("SweepFiles.sweep");

    assertThat(leftOver).doesNotExist();
    assertThat(orphan).doesNotExist();
    assertThat(draft).doesNotExist();
    assertThat(youngOrphan).exists();
    assertThat(youngDraft).exists();
    assertThat(foreign).exists();
    assertThat(stored(unfinished)).exists();
    swept.countDown();
    assertThat(awaitEnd(unfinished).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(stored(unfinished)).doesNotExist();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path touch(Path file, Instant time) throws Exception {
    return Files.setLastModifiedTime(file, FileTime.from(time));
  }
}
