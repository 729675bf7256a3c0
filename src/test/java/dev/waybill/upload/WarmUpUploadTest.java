package dev.waybill.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.platform.WarmUpProperties;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class WarmUpUploadTest extends UploadTestBase {

  @Autowired private WarmUpUpload warmUp;
  @Autowired private AcceptUpload acceptUpload;
  @Autowired private UploadProperties properties;

  @Test
  void takesFilesInAndLeavesNoTrace() throws Exception {
    assertThat(warmUp.takeIn()).isEqualTo(WarmUpUpload.TIMES);

    assertThat(jobs()).isZero();
    assertThat(database.sql("SELECT count(*) FROM scheduled_tasks").query(Integer.class).single())
        .isZero();
    assertThat(files.names()).isEmpty();
  }

  @Test
  void isGivenUpWhereTheQueueIsFull() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(upload("", CSV).statusCode()).isEqualTo(202);
    }

    assertThat(warmUp.takeIn()).isZero();
    assertThat(jobs()).isEqualTo(3);
  }

  @Test
  void isLeftOutWhereItIsSwitchedOff() {
    new WarmUpUpload(new WarmUpProperties(false), acceptUpload, properties).start();

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("warm-up-upload");
  }
}
