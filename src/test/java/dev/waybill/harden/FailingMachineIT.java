package dev.waybill.harden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.file.StoredNames;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Jobs and answers of the packaged service when its machine fails: a job ends clearly or is
 * retried, nothing hangs, and readiness is correct.
 */
class FailingMachineIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> HEAP = List.of("-Xmx256m");

  /** Small chunks, so that an import takes long enough to fail halfway. */
  private static final String SLOWLY = "--waybill.import.chunk-rows=20";

  private static final int ROWS = 40_000;

  private static final int ROWS_OF_100_KB = 800;

  @TempDir private Path folder;

  /** A product of 100 bytes in each row. */
  private static String csv(String prefix, int rows) {
    StringBuilder csv = new StringBuilder("sku,name,description\n");
    for (int i = 1; i <= rows; i++) {
      csv.append(prefix).append(i).append(",Chair,").append("x".repeat(80)).append('\n');
    }
    return csv.toString();
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String name) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"urn:waybill:problem:" + name + "\"");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  private static void assertComplete(JsonNode job, int rows) {
    assertThat(job.get("status").asString()).as(job.toString()).isEqualTo("COMPLETED");
    assertThat(job.at("/counts/rows").asInt()).isEqualTo(rows);
    assertThat(job.at("/counts/created").asInt()).isEqualTo(rows);
  }

  private static JsonNode awaitRows(ServiceUnderStress service, String id) {
    return service.awaitJob(id, PATIENCE, job -> job.at("/counts/rows").asInt() > 0);
  }

  @Test
  void aDiskThatFillsDuringAnUploadRefusesItAndKeepsNothing() throws Exception {
    try (ServiceUnderStress service = onSmallDisk()) {
      Path uploads = service.inside(folder.resolve("data/uploads"));
      fill(service.inside(folder.resolve("data/ballast")), 20 << 20);
      HttpResponse<String> refused = service.post(csv("A", 600_000));

      assertProblem(refused, 503, "disk-full");
      assertThat(StoredNames.in(uploads)).isEmpty();
      String id = service.upload(csv("B", 10));
      assertComplete(service.awaitEnd(id, PATIENCE), 10);
      service.awaitReadiness(200);
    }
  }

  @Test
  void aDiskThatFillsDuringAnImportHoldsItUpUntilThereIsRoom() throws Exception {
    try (ServiceUnderStress service = onSmallDisk()) {
      String id = service.upload(csv("A", ROWS));
      awaitRows(service, id);
      Path ballast = service.inside(folder.resolve("data/ballast"));
      fill(ballast, 0);
      service.awaitReadiness(503);
      service.awaitLog("attempt 1 met a storage failure");
      assertProblem(service.post(csv("B", 10)), 503, "disk-full");
      assertThat(service.job(id).get("status").asString()).isEqualTo("RUNNING");

      Files.delete(ballast);

      JsonNode job = service.awaitEnd(id, PATIENCE);
      assertComplete(job, ROWS);
      assertThat(job.get("attempt").asInt()).isGreaterThan(1);
      service.awaitReadiness(200);
    }
  }

  /** Starts the service on a small file system of its own. */
  private ServiceUnderStress onSmallDisk() throws Exception {
    return ServiceUnderStress.startInOwnMounts(
        folder.resolve("data"), "mount -t tmpfs -o size=512m none \"$0\"", HEAP, SLOWLY);
  }

  /** Fills the file system, except for this number of bytes. */
  private static void fill(Path ballast, long leaving) throws IOException {
    byte[] block = new byte[1 << 20];
    long room = Files.getFileStore(ballast.getParent()).getUsableSpace() - leaving;
    try (OutputStream out = Files.newOutputStream(ballast)) {
      for (long left = leaving > 0 ? room : Long.MAX_VALUE; left > 0; left -= block.length) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  @Test
  void aFolderThatBecomesReadOnlyTakesNoUploadsUntilItIsWritable() throws Exception {
    Path data = folder.resolve("data");
    Path uploads = data.resolve("uploads");
    try (ServiceUnderStress service =
        ServiceUnderStress.start(data, ServiceUnderStress.AS_ANY_USER, HEAP, SLOWLY)) {
      String id = service.upload(csv("A", ROWS));
      awaitRows(service, id);
      permit(data, "r-xr-xr-x");
      permit(uploads, "r-xr-xr-x");

      service.awaitReadiness(503);
      assertProblem(service.post(csv("B", 10)), 503, "storage");
      assertComplete(service.awaitEnd(id, PATIENCE), ROWS);

      permit(data, "rwxr-xr-x");
      permit(uploads, "rwxr-xr-x");
      service.awaitReadiness(200);
      assertComplete(service.awaitEnd(service.upload(csv("B", 10)), PATIENCE), 10);
    }
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aFolderThatCannotBeWrittenAtStartIsReportedInTwoSentences() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    permit(data, "r-xr-xr-x");
    try (ServiceUnderStress service =
        ServiceUnderStress.start(data, ServiceUnderStress.AS_ANY_USER, HEAP)) {
      service.awaitExit();

      assertThat(service.exitCode()).isEqualTo(1);
      assertThat(service.log()).contains("cannot be written", "Make it writable");
      assertThat(service.log()).doesNotContain("\tat ");
    }
    permit(data, "rwxr-xr-x");
  }

  @Test
  void aDatabaseThatAnotherProcessKeepsLockedHoldsImportsUpAndRefusesUploads() throws Exception {
    Path data = folder.resolve("data");
    try (ServiceUnderStress service =
        ServiceUnderStress.start(data, ServiceUnderStress.NOTHING, HEAP, SLOWLY)) {
      String id = service.upload(csv("A", ROWS));
      awaitRows(service, id);
      try (ForeignLock _ = ForeignLock.take(data)) {
        CompletableFuture<HttpResponse<String>> upload = service.postAsync(csv("B", 10));

        service.awaitReadiness(503);
        assertProblem(upload.join(), 503, "storage");
        assertThat(service.job(id).get("status").asString()).isEqualTo("RUNNING");
      }

      assertComplete(service.awaitEnd(id, PATIENCE), ROWS);
      service.awaitReadiness(200);
      assertComplete(service.awaitEnd(service.upload(csv("B", 10)), PATIENCE), 10);
    }
  }

  private static Connection open(Path data) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("waybill.db"));
  }

  @Test
  void aFileThatIsNoDatabaseIsReportedInTwoSentences() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("waybill.db"), "this was a database once\n".repeat(1000));
    try (ServiceUnderStress service =
        ServiceUnderStress.start(data, ServiceUnderStress.NOTHING, HEAP)) {
      service.awaitExit();

      assertThat(service.exitCode()).isEqualTo(1);
      assertThat(service.log()).contains("cannot be read", "put a backup in its place");
      assertThat(service.log()).doesNotContain("\tat ");
    }
  }

  @Test
  void aDatabaseThatProvesDamagedEndsItsJobsAndIsNotReadyAnyMore() throws Exception {
    Path data = folder.resolve("data");
    try (ServiceUnderStress service =
        ServiceUnderStress.start(data, ServiceUnderStress.NOTHING, HEAP)) {
      service.awaitEnd(service.upload(csv("A", 2_000)), PATIENCE);
      service.stop();
    }
    damageProducts(data);
    try (ServiceUnderStress service =
        ServiceUnderStress.start(data, ServiceUnderStress.NOTHING, HEAP)) {
      String id = service.upload(csv("B", 2_000));

      JsonNode job = service.awaitEnd(id, PATIENCE);
      assertThat(job.get("status").asString()).isEqualTo("FAILED");
      assertThat(job.at("/error/code").asString()).isEqualTo("storage");
      // The failed write alone revealed the damage, before anybody read a product.
      service.awaitReadiness(503);
      assertThat(service.get("/actuator/health/readiness").body()).contains("damaged");
      assertProblem(service.get("/api/products/A1"), 503, "storage");
    }
  }

  /** Overwrites the root page of the products with garbage. */
  private static void damageProducts(Path data) throws Exception {
    long page;
    int root;
    try (Connection connection = open(data);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      page = number(statement, "PRAGMA page_size");
      root = (int) number(statement, "SELECT rootpage FROM sqlite_schema WHERE name = 'product'");
    }
    byte[] scribble = new byte[(int) page];
    Arrays.fill(scribble, (byte) 0xA5);
    try (RandomAccessFile file = new RandomAccessFile(data.resolve("waybill.db").toFile(), "rw")) {
      file.seek((root - 1) * page);
      file.write(scribble);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void exhaustedFileHandlesAreReportedAndSurvived() throws Exception {
    try (ServiceUnderStress service =
        ServiceUnderStress.start(
            folder.resolve("data"), ServiceUnderStress.NOTHING, HEAP, SLOWLY)) {
      String running = service.upload(csv("A", ROWS));
      String queued = service.upload(csv("B", 100));
      awaitRows(service, running);
      // From now on the service accepts no new connection, and each refusal closes an old one.
      service.openConnections(6);
      service.limitFileHandles(4);

      service.awaitReadiness(503);
      assertProblem(service.post(csv("C", 10)), 503, "storage");
      assertComplete(service.awaitEnd(running, PATIENCE), ROWS);
      service.awaitLog("the upload folder cannot be written");
      // The next job waits, picked or not: its file cannot be opened.
      assertThat(service.job(queued).get("status").asString()).isIn("QUEUED", "RUNNING");

      service.limitFileHandles(4096);
      assertComplete(service.awaitEnd(queued, PATIENCE), 100);
      service.awaitReadiness(200);
      assertComplete(service.awaitEnd(service.upload(csv("C", 10)), PATIENCE), 10);
      assertThat(service.logBytes()).isLessThan(1 << 20);
    }
  }

  /** With the shipped options: the process exits, is started again, and the job continues. */
  @Test
  void aProcessThatRunsOutOfMemoryExitsAndTheNextOneFinishesTheJob() throws Exception {
    Path data = folder.resolve("data");
    String id;
    StringBuilder csv = new StringBuilder("sku,name,description\n");
    for (int i = 1; i <= ROWS_OF_100_KB; i++) {
      csv.append('A').append(i).append(",Chair,").append("x".repeat(100_000)).append('\n');
    }
    try (ServiceUnderStress service =
        ServiceUnderStress.start(
            data,
            ServiceUnderStress.NOTHING,
            List.of("-Xmx80m", "-XX:+ExitOnOutOfMemoryError"),
            // The whole file in one chunk. No sensible setting does this.
            "--waybill.import.chunk-rows=100000",
            "--waybill.import.chunk-size=1GB",
            "--waybill.import.chunk-time=1h")) {
      id = service.upload(csv.toString());
      service.awaitExit();
      assertThat(service.exitCode()).isEqualTo(3);
    }
    try (ServiceUnderStress service =
        ServiceUnderStress.start(data, ServiceUnderStress.NOTHING, List.of("-Xmx80m"))) {
      JsonNode job = service.awaitEnd(id, PATIENCE);
      assertComplete(job, ROWS_OF_100_KB);
      assertThat(job.get("attempt").asInt()).isEqualTo(2);
    }
  }
}
