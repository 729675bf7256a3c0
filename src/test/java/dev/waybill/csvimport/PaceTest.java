package dev.waybill.csvimport;

import static dev.waybill.csvimport.SampleImports.BORN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.JobStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final Counts ROWS = new Counts(5000, 5000, 0, 0, 0, 0, 0);

  @Test
  void isUnknownWhileQueued() {
    assertThat(Pace.of(SampleImports.queued())).isEqualTo(new Pace(null, null));
  }

  @Test
  void isUnknownBeforeTheFirstChunk() {
    assertThat(Pace.of(SampleImports.running(Counts.NONE, 0, BORN)))
        .isEqualTo(new Pace(null, null));
  }

  @Test
  @Shows({"job.rowsPerSecond", "job.etaSeconds"})
  void comesFromTheChunksOfTheRunningAttempt() {
    ImportJob job = SampleImports.running(ROWS, 250_000, BORN.plusSeconds(2));
    assertThat(Pace.of(job)).isEqualTo(new Pace(2500L, 6L));
  }

  @Test
  void leavesOutWhatEarlierAttemptsDid() {
    ImportJob job =
        SampleImports.job(
            JobStatus.RUNNING,
            2,
            ROWS,
            500_000,
            BORN.plusSeconds(101),
            BORN.plusSeconds(100),
            4000,
            400_000);
    assertThat(Pace.of(job)).isEqualTo(new Pace(1000L, 5L));
  }

  @Test
  @Shows("job.etaSeconds")
  void includesTheSecondPassWhileTheFirstOneChecksTheRows() {
    ImportJob job = SampleImports.checking(ROWS, 250_000, BORN.plusSeconds(2));
    assertThat(Pace.of(job)).isEqualTo(new Pace(2500L, 14L));
  }

  @Test
  void isUnknownWhereTheClockWasSetBack() {
    ImportJob job = SampleImports.running(ROWS, 250_000, BORN.minusSeconds(60));
    assertThat(Pace.of(job)).isEqualTo(new Pace(null, null));
  }

  @Test
  void survivesAClockThatLeaptForward() {
    ImportJob job = SampleImports.running(ROWS, 250_000, BORN.plus(Duration.ofDays(10_000)));
    assertThat(Pace.of(job)).isEqualTo(new Pace(0L, 2_592_000_000L));
  }

  @Test
  void isPositiveWithinOneTickOfTheClock() {
    ImportJob job = SampleImports.running(ROWS, 250_000, BORN);
    assertThat(Pace.of(job)).isEqualTo(new Pace(5_000_000L, 1L));
  }

  @Test
  void isTheAverageOfTheWholeJobOnceItHasEnded() {
    ImportJob job =
        SampleImports.job(
            JobStatus.COMPLETED,
            2,
            ROWS,
            1_000_000,
            BORN.plusSeconds(10),
            BORN.plusSeconds(9),
            4900,
            900_000);
    assertThat(Pace.of(job)).isEqualTo(new Pace(500L, null));
  }
}
