package dev.waybill.outgoing;

import dev.waybill.storage.PostgresServer;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The tests of {@link CallQueueTest} on a real PostgreSQL. */
@TestPropertySource(properties = "waybill.database=postgres")
class PostgresCallQueueTest extends CallQueueTest {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
  }
}
