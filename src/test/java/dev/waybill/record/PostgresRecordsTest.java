package dev.waybill.record;

import dev.waybill.storage.PostgresServer;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The tests of {@link RecordsTest} on a real PostgreSQL. */
@TestPropertySource(properties = "waybill.database=postgres")
class PostgresRecordsTest extends RecordsTest {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
  }
}
