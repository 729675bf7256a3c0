package dev.waybill.kafka;

import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The tests of {@link JobsToTopicTest} on a real PostgreSQL. */
class PostgresJobsToTopicTest extends JobsToTopicTest {

  @Override
  KafkaPod newPod(Path folder, List<String> arguments) {
    return new KafkaPod(
        folder,
        Stream.concat(
                arguments.stream(),
                Stream.of(
                    "--waybill.database=postgres",
                    "--spring.datasource.url=" + PostgresServer.newDatabase(),
                    "--spring.datasource.username=" + PostgresServer.USER))
            .toList());
  }
}
