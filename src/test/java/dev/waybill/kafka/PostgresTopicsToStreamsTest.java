package dev.waybill.kafka;

import dev.waybill.storage.PostgresServer;
import java.util.List;
import java.util.stream.Stream;

class PostgresTopicsToStreamsTest extends TopicsToStreamsTest {

  private final String url = PostgresServer.newDatabase();
  private int pods;

  @Override
  KafkaPod newPod(List<String> arguments) {
    List<String> database =
        List.of(
            "--waybill.database=postgres",
            "--spring.datasource.url=" + url,
            "--spring.datasource.username=" + PostgresServer.USER);
    return new KafkaPod(
        folder.resolve("pod" + pods++),
        Stream.concat(arguments.stream(), database.stream()).toList());
  }

  @Override
  boolean isShared() {
    return true;
  }
}
