package dev.waybill.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csvimport.ShopExports;
import dev.waybill.platform.Database;
import dev.waybill.sheet.WorkbookBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Kills the service while it imports exports of shop systems in which a product spans several rows,
 * as CSV and as a workbook. On both databases, the result must equal that of an undisturbed import.
 */
class KilledExportIT {

  /** So small that a crash would fall between the rows of a product if a chunk could end there. */
  private static final String SMALL_CHUNKS = "--waybill.import.chunk-rows=7";

  private static final int PRODUCTS = 1_500;

  @TempDir private static Path folder;

  private static final List<Undisturbed> UNDISTURBED = new ArrayList<>();

  /**
   * A file and the result of its import without a crash.
   *
   * @param catalogue all products after the import of this file and those before it
   */
  private record Undisturbed(byte[] file, JsonNode job, Set<JsonNode> catalogue) {}

  @BeforeAll
  static void importUndisturbed() throws Exception {
    List<byte[]> files =
        List.of(
            ShopExports.shopify(PRODUCTS).csv().getBytes(UTF_8),
            new WorkbookBuilder().table("Export", ShopExports.magento(PRODUCTS).table()).bytes());
    try (WaybillProcess service =
            WaybillProcess.start(folder.resolve("undisturbed"), SMALL_CHUNKS);
        WaybillClient client = new WaybillClient(service)) {
      for (byte[] file : files) {
        JsonNode job = client.awaitEnd(client.upload("", file));
        UNDISTURBED.add(new Undisturbed(file, job, catalogue(client)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void anExportThatIsCutOffAmidAProductEndsAsIfNothingHadHappened(Database database)
      throws Exception {
    try (KillableService service =
        KillableService.start(database, folder.resolve(database.name()), SMALL_CHUNKS)) {
      for (Undisturbed expected : UNDISTURBED) {
        String id;
        try (WaybillClient client = service.client()) {
          id = client.upload("", expected.file());
        }
        try (CounterPoller poller =
            new CounterPoller(List.of(service.port()), id, Duration.ofMillis(5))) {
          poller.await(
              "rows", Duration.ofSeconds(30), job -> job.get("counts").get("rows").asInt() > 200);
          service.kill();
        }
        service.startAgain();
        try (WaybillClient client = service.client()) {
          JsonNode end = client.awaitEnd(id);
          assertThat(end.get("attempt").asInt()).isGreaterThan(1);
          for (String same : List.of("status", "format", "counts", "notices")) {
            assertThat(end.get(same)).as(same).isEqualTo(expected.job().get(same));
          }
          assertThat(catalogue(client)).isEqualTo(expected.catalogue());
        }
      }
    }
  }

  private static Set<JsonNode> catalogue(WaybillClient client) throws Exception {
    return client
        .get("/api/products", "Accept", WaybillClient.NDJSON)
        .body()
        .lines()
        .map(WaybillClient::json)
        .collect(Collectors.toSet());
  }
}
