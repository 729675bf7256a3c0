package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Undo on a real PostgreSQL. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.import.chunk-rows=10",
      "waybill.import.chunk-time=1h",
      "db-scheduler.polling-interval=50ms"
    })
@ActiveProfiles("postgres")
class PostgresUndoTest {

  @TempDir static Path folder;

  @LocalServerPort private int port;
  @Autowired private JdbcClient database;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
    registry.add("waybill.data-dir", () -> folder);
  }

  @AfterEach
  void deleteProducts() {
    database.sql("DELETE FROM product").update();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void takesBackWhatTheModelTakesBack(long seed) throws Exception {
    new UndoModel(port, seed).run(60, new CancelByTrigger(), () -> {});
  }

  private final class CancelByTrigger implements UndoModel.CancelUndo {

    @Override
    public void afterPart(int part) {
      database
          .sql(
              """
              CREATE FUNCTION cancel_undo() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN INSERT INTO cancel_request (job_id) VALUES (NEW.job_id); RETURN NULL; END $$
              """)
          .update();
      database
          .sql(
              """
              CREATE TRIGGER cancel_undo AFTER UPDATE OF part ON undo_job
              FOR EACH ROW WHEN (NEW.part = %d) EXECUTE FUNCTION cancel_undo()
              """
                  .formatted(part))
          .update();
    }

    @Override
    public void never() {
      database.sql("DROP FUNCTION cancel_undo CASCADE").update();
    }
  }

  /** A row that is rejected for its attributes changes nothing, so it costs no room either. */
  @ParameterizedTest
  @ValueSource(
      strings = {"sku,name,price,More\nL,n,1,%s\nL,n,3,\n", "sku,price,More\nL,1,%s\nL,3,\n"})
  void aDryRunKeepsNoChangeOfARowThatIsTooLarge(String file) throws Exception {
    UndoModel server = new UndoModel(port, 0);
    server.imported("sku,name,price,Notes\nL,n,2,%s\n".formatted("x".repeat(200_000)), false);

    String id = server.imported(file.formatted("y".repeat(100_000)), true);

    assertThat(server.get("/api/jobs/" + id).get("counts").get("rejected").asInt()).isEqualTo(1);
    assertThat(server.get("/api/jobs/" + id + "/changes").get("items").toString())
        .isEqualTo(
            "[{\"row\":2,\"sku\":\"L\",\"changes\":"
                + "[{\"field\":\"price\",\"old\":2,\"new\":3}]}]");
    assertThat(
            database
                .sql("SELECT SUM(change_rows) FROM product_writer WHERE job_id = ?")
                .param(id)
                .query(Integer.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  @Shows("policy.reject-all.late")
  void takesBackCreatedProductsIfARowTurnsBadAfterTheCheck() throws Exception {
    UndoModel server = new UndoModel(port, 0);
    String file = "sku,name\n" + skus(0, 25, "S%d,n\n") + "S3,again\n" + skus(30, 35, "S%d,n\n");

    JsonNode job = server.ended("onError=reject-all&mode=create", file);

    assertThat(job.at("/error/code").asString()).isEqualTo("too-many-rejections");
    assertThat(job.at("/counts/skipped").asInt()).isEqualTo(25);
    assertThat(server.get("/api/products").get("items")).isEmpty();
  }

  @Test
  @Shows("policy.reject-all.late")
  void givesUpdatedProductsBackToTheirWriterIfARowTurnsBadAfterTheCheck() throws Exception {
    UndoModel server = new UndoModel(port, 0);
    String before =
        server.imported("sku,name,Colour\n" + skus(0, 30, "S%d,n,red\n") + "GONE,n,red\n", false);
    database
        .sql(
            """
            CREATE FUNCTION delete_one() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN DELETE FROM product WHERE sku = 'GONE'; RETURN NULL; END $$
            """)
        .update();
    database
        .sql(
            """
            CREATE TRIGGER obstacle AFTER UPDATE OF checking ON import_job
            FOR EACH ROW WHEN (OLD.checking AND NOT NEW.checking) EXECUTE FUNCTION delete_one()
            """)
        .update();
    JsonNode job;
    try {
      job =
          server.ended(
              "onError=reject-all",
              "sku,price,Colour\n" + skus(0, 30, "S%d,7,blue\n") + "S4,8,green\nGONE,7,blue\n");
    } finally {
      database.sql("DROP FUNCTION delete_one CASCADE").update();
    }

    assertThat(job.at("/error/code").asString()).isEqualTo("too-many-rejections");
    assertThat(job.get("counts").toString())
        .contains("\"updated\":0", "\"rejected\":1", "\"skipped\":31");
    assertThat(server.get("/api/products").get("items"))
        .hasSize(30)
        .allSatisfy(
            product -> {
              assertThat(product.get("price").isNull()).isTrue();
              assertThat(product.at("/attributes/Colour").asString()).isEqualTo("red");
            });
    assertThat(server.undone(before).get("counts").toString())
        .contains("\"reversed\":30", "\"kept\":0", "\"missing\":1");
  }

  private static String skus(int from, int to, String row) {
    return IntStream.range(from, to).mapToObj(row::formatted).collect(Collectors.joining());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void showsEachValueBeforeAndAfter(boolean dryRun) throws Exception {
    UndoModel server = new UndoModel(port, 0);
    server.imported("sku,name,price,quantity,Colour\nB,n,10,1,\nA,n,10,1,red\n", false);

    String id =
        server.imported("sku,name,price,quantity,Colour\nB,n,4.50,,\nA,m,10.00,1,green\n", dryRun);

    assertThat(server.get("/api/jobs/" + id + "/changes").get("items").toString())
        .isEqualTo(
            """
            [{"row":1,"sku":"B","changes":[{"field":"price","old":10,"new":4.5},\
            {"field":"quantity","old":1,"new":null}]},\
            {"row":2,"sku":"A","changes":[{"field":"name","old":"n","new":"m"},\
            {"field":"attributes","attribute":"Colour","old":"red","new":"green"}]}]\
            """);
    assertThat(server.get("/api/jobs/" + id + "/changes?price=falling").get("items")).hasSize(1);
    assertThat(server.get("/api/jobs/" + id).get("summary").toString())
        .isEqualTo(
            "{\"fields\":{\"attributes\":1,\"name\":1,\"price\":1,\"quantity\":1},"
                + "\"pricesFalling\":1,\"pricesRising\":0}");
    assertThat(
            database
                .sql("SELECT change_bytes FROM product_writer WHERE job_id = ?")
                .param(id)
                .query(Long.class)
                .single())
        .isBetween(200L, 1000L);
  }
}
