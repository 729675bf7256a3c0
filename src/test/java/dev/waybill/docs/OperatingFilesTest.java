package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.waybill.upload.UploadTestBase;
import org.junit.jupiter.api.Test;

/** Compares the dashboard and the alert rules with the metrics of a running pod. */
class OperatingFilesTest extends UploadTestBase {

  @Test
  void theDashboardAndTheAlertsAskForMetricsThatAreThere() throws Exception {
    assertThat(send(to("/api/jobs")).statusCode()).isEqualTo(200);

    OperatingFiles.assertKnown("waybill", scrape());
  }

  @Test
  void noticesAMetricThatIsNotThere() {
    assertThatThrownBy(
            () ->
                OperatingFiles.assertKnown(
                    "waybill", scrape().replace("waybill_rows_total", "waybill_lines_total")))
        .hasMessageContaining("waybill_rows_total");
  }

  @Test
  void noticesAValueThatIsNotThere() {
    assertThatThrownBy(
            () ->
                OperatingFiles.assertKnown(
                    "waybill", scrape().replace("result=\"given-up\"", "result=\"lost\"")))
        .hasMessageContaining("given-up");
  }

  /**
   * The metrics of a running pod. Those of the garbage collection exist only after the first one.
   */
  private String scrape() {
    System.gc();
    return await()
        .until(
            () -> send(to("/actuator/prometheus")).body(),
            metrics -> metrics.contains("jvm_gc_pause_seconds"));
  }
}
