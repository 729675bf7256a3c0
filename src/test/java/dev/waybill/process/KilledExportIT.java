package dev.waybill.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csvimport.ShopExports;
import dev.waybill.sheet.WorkbookBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the service while it imports exports of shop systems in which a product spans several rows.
 * The result must equal that of an undisturbed import.
 */
class KilledExportIT {

  /** So small that a crash would fall between the rows of a product if a chunk could end there. */
  private static final String[] SMALL_CHUNKS = {"--waybill.import.chunk-rows=7"};

  private static final int PRODUCTS = 1_500;

  @TempDir private Path folder;

  @Test
  void anExportThatIsCutOffAmidAProductEndsAsIfNothingHadHappened() throws Exception {
    List<byte[]> files =
        List.of(
            ShopExports.shopify(PRODUCTS).csv().getBytes(UTF_8),
            new WorkbookBuilder().table("Export", ShopExports.magento(PRODUCTS).table()).bytes());
    Path data = folder.resolve("disturbed");
    try (WaybillProcess undisturbed =
            WaybillProcess.start(folder.resolve("undisturbed"), SMALL_CHUNKS);
        WaybillClient reference = new WaybillClient(undisturbed)) {
      WaybillProcess service = WaybillProcess.start(data, SMALL_CHUNKS);
      try {
        for (byte[] file : files) {
          JsonNode expected = reference.awaitEnd(reference.upload("", file));
          String id;
          try (WaybillClient client = new WaybillClient(service)) {
            id = client.upload("", file);
          }
          try (CounterPoller poller =
              new CounterPoller(List.of(service.port()), id, Duration.ofMillis(5))) {
            poller.await(
                "rows", Duration.ofSeconds(30), job -> job.get("counts").get("rows").asInt() > 200);
            service.kill();
            assertThat(poller.latest().get("status").asString()).isEqualTo("RUNNING");
          }
          service = WaybillProcess.startAt(service.port(), data, SMALL_CHUNKS);
          try (WaybillClient client = new WaybillClient(service)) {
            JsonNode end = client.awaitEnd(id);
            assertThat(end.get("attempt").asInt()).isGreaterThan(1);
            for (String same : List.of("status", "format", "counts", "notices")) {
              assertThat(end.get(same)).as(same).isEqualTo(expected.get(same));
            }
            assertThat(catalogue(client, "disturbed"))
                .isEqualTo(catalogue(reference, "undisturbed"));
          }
        }
      } finally {
        service.close();
      }
    }
  }

  private List<String> catalogue(WaybillClient client, String name) throws Exception {
    Path all =
        client.download(
            "/api/products",
            "application/x-ndjson",
            folder.resolve(name + System.nanoTime() + ".ndjson"));
    try (Stream<String> lines = Files.lines(all)) {
      return lines.sorted().toList();
    }
  }
}
