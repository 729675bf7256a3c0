package dev.waybill.cluster;

import dev.waybill.docs.OperatingFiles;
import dev.waybill.stream.FakeJobs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** Holds the dashboard and the alert rules for several pods to the metrics of one of them. */
class ClusterOperatingFilesTest {

  @Test
  void theDashboardAndTheAlertsAskForMetricsThatAreThere() throws Exception {
    try (TestRedis redis = new TestRedis();
        TestPod pod = new TestPod(redis.port, new FakeJobs());
        HttpClient http = HttpClient.newHttpClient()) {
      URI metrics = URI.create("http://127.0.0.1:" + pod.port + "/actuator/prometheus");

      OperatingFiles.assertKnown(
          "waybill-cluster",
          http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body());
    }
  }
}
