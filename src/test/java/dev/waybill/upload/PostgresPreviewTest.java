package dev.waybill.upload;

import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@ActiveProfiles("postgres")
class PostgresPreviewTest extends PreviewCases {

  @TempDir static Path folder;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
    registry.add("waybill.data-dir", () -> folder);
  }

  @Override
  Path uploads() {
    return folder.resolve("uploads");
  }
}
