package dev.waybill.harden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends the requests of {@link FuzzIT} for as long as {@code -Dwaybill.fuzz.seconds} says. Heap,
 * threads, file handles, log and disk must not grow. Not part of the build; {@code scripts/fuzz}
 * runs it.
 */
class LongFuzz {

  private static final long SEED = Long.getLong("waybill.seed", System.nanoTime());
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("waybill.fuzz.seconds", 300));
  private static final int REQUESTS_A_ROUND = 4_000;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** How much more the service may use in the last third of the time than in the first third. */
  private static final Footprint MORE = new Footprint(16 << 20, 12, 16, 64 << 10);

  private static final long MORE_ON_DISK = 150 << 20; // the database's log may be full or empty

  @TempDir private Path folder;

  @Test
  void nothingGrows() throws Exception {
    System.out.println("LongFuzz: -Dwaybill.seed=" + SEED);
    Path data = folder.resolve("data");
    List<Footprint> taken = new ArrayList<>();
    List<Long> disk = new ArrayList<>();
    try (ServiceUnderStress service =
        ServiceUnderStress.start(
            data,
            ServiceUnderStress.NOTHING,
            List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
            "--waybill.upload.max-queued-jobs=1000000",
            // Data that is kept for a while must be deleted during the test. Otherwise the disk
            // would fill.
            "--waybill.jobs.retention=20s",
            "--waybill.idempotency.retention=20s")) {
      long end = System.nanoTime() + LENGTH.toNanos();
      FuzzClients clients = null;
      while (clients == null || System.nanoTime() < end) {
        String id = service.upload("sku,name,price\nA1,Chair,1.50\n,Chair,x\n");
        service.awaitEnd(id, PATIENCE);
        clients = new FuzzClients(service, id, SEED + (long) taken.size() * REQUESTS_A_ROUND);
        clients.sendUpTo(REQUESTS_A_ROUND);
        FuzzClients.awaitAllImported(service);
        taken.add(Footprint.of(service));
        disk.add(bytesIn(data));
        System.out.printf(
            "LongFuzz: %s; %s, %d MB on disk%n", clients, taken.getLast(), disk.getLast() >> 20);
      }
      Footprint.assertFlat(taken, MORE);
      assertThat(disk.getLast()).isLessThan(disk.get(disk.size() / 3) + MORE_ON_DISK);
      service.awaitReadiness(200);
    }
  }

  private static long bytesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(LongFuzz::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0; // it was deleted meanwhile
    }
  }
}
