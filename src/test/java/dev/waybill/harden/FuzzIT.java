package dev.waybill.harden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.file.StoredNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of requests that no good client sends, as raw bytes to the packaged service. It answers
 * each one in its own form, says nothing about its inside, and does not grow.
 *
 * <p>Request {@code n} is drawn from {@code -Dwaybill.seed} plus {@code n}, whatever ran before.
 */
class FuzzIT {

  private static final long SEED = Long.getLong("waybill.seed", 20_261_121);
  private static final int REQUESTS = Integer.getInteger("waybill.fuzz.requests", 12_000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How much pools may still grow after the first third of the requests has warmed them up. */
  private static final Footprint MORE = new Footprint(16 << 20, 12, 16, 0);

  private static final long LOG_BYTES_A_REQUEST = 100;

  @TempDir private Path folder;

  @Test
  void nothingMalformedEndsItOrRevealsItsInside() throws Exception {
    System.out.println("FuzzIT: -Dwaybill.seed=" + SEED);
    try (ServiceUnderStress service =
        ServiceUnderStress.start(
            folder.resolve("data"),
            ServiceUnderStress.NOTHING,
            List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
            "--waybill.upload.max-queued-jobs=1000000")) {
      String id = service.upload("sku,name,price\nA1,Chair,1.50\n,Chair,x\n");
      service.awaitEnd(id, PATIENCE);
      FuzzClients clients = new FuzzClients(service, id, SEED);

      clients.sendUpTo(REQUESTS / 3);
      FuzzClients.awaitAllImported(service);
      Footprint before = Footprint.of(service);

      clients.sendUpTo(REQUESTS);
      FuzzClients.awaitAllImported(service);
      System.out.printf("FuzzIT: %s; %s, then %s%n", clients, before, Footprint.of(service));
      // An answer can get lost if the connection closes on bytes that are still on their way.
      assertThat(clients.unanswered()).isLessThan(REQUESTS / 100);
      assertThat(clients.statuses())
          .contains(200, 202, 400, 403, 404, 405, 406, 409, 415, 416, 422);
      Awaitility.await("threads and handles are given back")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> Footprint.of(service).assertAtMost(before, MORE));
      assertThat(service.logBytes() - before.logBytes()).isLessThan(LOG_BYTES_A_REQUEST * REQUESTS);
      service.awaitReadiness(200);
      assertThat(StoredNames.in(folder.resolve("data/uploads"))).isEmpty();
    }
  }
}
