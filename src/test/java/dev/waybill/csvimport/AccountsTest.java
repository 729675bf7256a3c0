package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import org.junit.jupiter.api.Test;

/** The check that compares a job's counters with its journal before the job becomes COMPLETED. */
class AccountsTest extends ImportTestBase {

  private void trigger(String event, String statement) {
    database.sql("CREATE TRIGGER obstacle %s BEGIN %s; END".formatted(event, statement)).update();
  }

  @Test
  void fewerRejectionsMayBeStoredThanCounted() throws Exception {
    trigger("BEFORE INSERT ON rejection WHEN NEW.row_number > 26", "SELECT RAISE(IGNORE)");

    Job job = imported(rows(0, 25, "n") + ",x\n".repeat(5));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(counts(job)).isEqualTo(new Counts(30, 25, 0, 0, 5, 0, 0));
    assertThat(count("rejection", "job_id", job.id())).isOne();
  }

  @Test
  void aJournalThatAddsUpToOtherCountsFailsTheJob() throws Exception {
    trigger(
        "AFTER INSERT ON journal WHEN NEW.first_row = 11",
        "UPDATE journal SET total_accepted = total_accepted + 1 WHERE job_id = NEW.job_id"
            + " AND first_row = NEW.first_row");

    Job job = imported(rows(0, 25, "n"));

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(json(job.error()).get("code").asString()).isEqualTo("internal");
  }

  @Test
  void moreStoredRejectionsThanCountedFailTheJob() throws Exception {
    trigger(
        "AFTER INSERT ON journal WHEN NEW.first_row = 1",
        "INSERT INTO rejection VALUES (NEW.job_id, 9999, 1, '[]', '', false)");

    assertThat(imported(rows(0, 25, "n")).status()).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void journalRowsOfAnEarlierVersionCountToo() throws Exception {
    trigger(
        "AFTER INSERT ON journal WHEN NEW.first_row IN (1, 11)",
        "UPDATE journal SET total_rows = NULL, total_accepted = NULL, total_rejected = NULL"
            + " WHERE job_id = NEW.job_id AND first_row = NEW.first_row");

    Job job = imported(rows(0, 15, "n") + ",x\n".repeat(8) + rows(15, 20, "n"));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(counts(job)).isEqualTo(new Counts(28, 20, 0, 0, 8, 0, 0));
  }
}
