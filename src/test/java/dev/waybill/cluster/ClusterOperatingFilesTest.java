package dev.waybill.cluster;

import dev.waybill.docs.OperatingFiles;
import dev.waybill.stream.FakeJobs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/**
 * Compares the dashboard and the alert rules for several pods with the metrics of a pod in a
 * cluster.
 */
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
