package dev.waybill.channel;

import dev.waybill.storage.PostgresServer;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class PostgresPublishEventsTest extends PublishEventsTest {

  private final String url = PostgresServer.newDatabase();
  private boolean migrated;

  @Override
  ChannelDatabase newPod() {
    SingleConnectionDataSource writing = ChannelDatabase.postgres(url);
    if (!migrated) {
      ChannelDatabase.migrate(writing, "postgres");
      migrated = true;
    }
    return new ChannelDatabase(writing, ChannelDatabase.postgres(url), PROPERTIES, clock);
  }
}
