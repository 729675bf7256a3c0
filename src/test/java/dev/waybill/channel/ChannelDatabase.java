package dev.waybill.channel;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.StreamEvent;
import dev.waybill.storage.PostgresServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The part of a pod that publishes to named streams, on a real database. */
final class ChannelDatabase implements AutoCloseable {

  private final SingleConnectionDataSource writing;
  private final SingleConnectionDataSource reading;
  private final List<StreamEvent> delivered = Collections.synchronizedList(new ArrayList<>());

  final ChannelStore store;
  final ReadHistory history;
  final ChannelStreams streams;
  final ForgetOldEvents forget;
  final PublishEvents publish;

  ChannelDatabase(
      SingleConnectionDataSource writing,
      SingleConnectionDataSource reading,
      ChannelProperties properties,
      Clock clock) {
    this.writing = writing;
    this.reading = reading;
    TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(writing));
    JdbcTemplate writes = new JdbcTemplate(writing);
    store =
        new ChannelStore(
            JdbcClient.create(writes), writes, JdbcClient.create((DataSource) reading));
    history = new ReadHistory(store, properties, clock);
    streams = new ChannelStreams(history, store, properties);
    forget = new ForgetOldEvents(store, transactions, clock);
    publish =
        new PublishEvents(
            new NumberEvents(store, properties, clock),
            transactions,
            new Recorded(),
            new ChannelMetrics(new SimpleMeterRegistry()));
    publish.start();
  }

  /** The events that were passed on for delivery, in this order. */
  List<StreamEvent> delivered() {
    return List.copyOf(delivered);
  }

  static void migrate(DataSource database, String kind) {
    new ResourceDatabasePopulator(
            new ClassPathResource("db/migration/%s/V20__stream.sql".formatted(kind)))
        .execute(database);
  }

  static SingleConnectionDataSource postgres(String url) {
    return new SingleConnectionDataSource(url, PostgresServer.USER, "", true);
  }

  static SingleConnectionDataSource sqlite(Path folder, String transactionMode) {
    Properties settings = new Properties();
    settings.setProperty("journal_mode", "WAL");
    settings.setProperty("synchronous", "NORMAL");
    settings.setProperty("busy_timeout", "5000");
    settings.setProperty("transaction_mode", transactionMode);
    SingleConnectionDataSource connection =
        new SingleConnectionDataSource("jdbc:sqlite:" + folder.resolve("streams.db"), true);
    connection.setConnectionProperties(settings);
    return connection;
  }

  @Override
  public void close() {
    publish.stop();
    reading.destroy();
    writing.destroy();
  }

  private final class Recorded implements EventBroadcast {

    @Override
    public void broadcast(List<StreamEvent> events) {
      delivered.addAll(events);
    }

    @Override
    public int watchers(String streamId) {
      return 0;
    }
  }
}
