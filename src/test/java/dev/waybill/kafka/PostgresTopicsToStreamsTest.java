package dev.waybill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.storage.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

class PostgresTopicsToStreamsTest extends TopicsToStreamsTest {

  private final String database = PostgresServer.newDatabase();
  private String url = database;
  private int pods;

  @Override
  KafkaPod newPod(List<String> arguments) {
    List<String> connection =
        List.of(
            "--waybill.database=postgres",
            "--spring.datasource.url=" + url,
            "--spring.datasource.username=" + PostgresServer.USER);
    return new KafkaPod(
        folder.resolve("pod" + pods++),
        Stream.concat(arguments.stream(), connection.stream()).toList());
  }

  @Override
  boolean isShared() {
    return true;
  }

  @Test
  @Shows("kafka.database-away")
  void noRecordIsLostOrComesTwiceWhileTheDatabaseIsAway(CapturedOutput log) throws IOException {
    URI server = URI.create(database.substring("jdbc:".length()));
    int port = TestBroker.freePort();
    url = database.replace(":" + server.getPort() + "/", ":" + port + "/");
    Map<String, List<String>> sent = new TreeMap<>();
    sendNumbers(sent, 0, 1_500);
    PortForward line = new PortForward(port, server.getPort());
    try (KafkaPod pod = pod("--spring.datasource.hikari.connection-timeout=1000")) {
      await().atMost(PATIENCE).until(() -> pod.events("orders-") > 300);
      line.close();
      sendNumbers(sent, 1_500, 3_000);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(log).contains("Records cannot be published"));

      line = new PortForward(port, server.getPort());

      sendNumbers(sent, 3_000, 4_500);
      await().atMost(PATIENCE).ignoreExceptions().until(() -> pod.events("orders-") >= 4_500);
      Map<String, List<String>> received = new TreeMap<>();
      sent.keySet().forEach(stream -> received.put(stream, pod.history(stream)));
      assertThat(received).isEqualTo(sent);
    } finally {
      line.close();
    }
  }
}
