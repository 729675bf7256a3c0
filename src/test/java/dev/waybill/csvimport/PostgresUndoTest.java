package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
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
    new UndoModel(port, seed).run(40);
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
