package dev.waybill.upload;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class PreviewTest extends PreviewCases {

  @TempDir static Path folder;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @Override
  Path uploads() {
    return folder.resolve("uploads");
  }
}
