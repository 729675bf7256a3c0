package dev.waybill.csvimport;

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

/** Undos on a real PostgreSQL. */
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
}
