package dev.waybill.channel;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class SqlitePublishEventsTest extends PublishEventsTest {

  @TempDir private Path folder;
  private boolean migrated;

  @Override
  ChannelDatabase newPod() {
    SingleConnectionDataSource writing = ChannelDatabase.sqlite(folder, "IMMEDIATE");
    if (!migrated) {
      ChannelDatabase.migrate(writing, "sqlite");
      migrated = true;
    }
    return new ChannelDatabase(
        writing, ChannelDatabase.sqlite(folder, "DEFERRED"), PROPERTIES, clock);
  }
}
