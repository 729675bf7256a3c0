package dev.waybill.kafka;

import dev.waybill.WaybillApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One whole pod in this process. */
final class KafkaPod implements AutoCloseable {

  final ConfigurableApplicationContext context;
  final JdbcClient database;

  KafkaPod(Path folder, List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--server.shutdown=immediate",
                "--spring.main.banner-mode=off",
                "--logging.level.kafka=error",
                "--logging.level.state.change.logger=error",
                "--waybill.data-dir=" + folder));
    all.addAll(arguments);
    context =
        new SpringApplicationBuilder(WaybillApplication.class)
            .registerShutdownHook(false)
            .run(all.toArray(String[]::new));
    database = context.getBean(JdbcClient.class);
  }

  int port() {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  /** The data of all events of a stream, in order. */
  List<String> history(String stream) {
    return database
        .sql("SELECT data FROM stream_event WHERE name = ? ORDER BY epoch, sequence")
        .param(stream)
        .query(String.class)
        .list();
  }

  int events(String prefix) {
    return database
        .sql("SELECT COUNT(*) FROM stream_event WHERE name LIKE ?")
        .param(prefix + "%")
        .query(Integer.class)
        .single();
  }

  @Override
  public void close() {
    context.close();
  }
}
