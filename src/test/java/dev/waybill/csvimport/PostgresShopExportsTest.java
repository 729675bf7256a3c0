package dev.waybill.csvimport;

import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Runs the same exports on PostgreSQL. */
@ActiveProfiles("postgres")
class PostgresShopExportsTest extends ShopExportsTest {

  @TempDir static Path postgresFolder;

  @DynamicPropertySource
  static void postgres(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
    registry.add("waybill.data-dir", () -> postgresFolder);
  }

  @Override
  @AfterEach
  void forgetAll() {
    picked.reset();
    database.sql("DELETE FROM product").update();
    http.close();
  }
}
