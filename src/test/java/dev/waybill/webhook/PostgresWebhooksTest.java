package dev.waybill.webhook;

import dev.waybill.storage.PostgresServer;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The tests of {@link WebhooksTest} on a real PostgreSQL. */
@TestPropertySource(properties = "waybill.database=postgres")
class PostgresWebhooksTest extends WebhooksTest {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
  }

  @Override
  String longAgo() {
    return "CAST('2020-01-01T00:00:00Z' AS timestamptz)";
  }
}
