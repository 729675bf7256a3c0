package dev.waybill.product;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

/** A real SQLite file with the table of products: one connection that writes, one that reads. */
final class ProductDatabase implements AutoCloseable {

  private final SingleConnectionDataSource writing;
  private final SingleConnectionDataSource reading;
  private final TransactionTemplate transaction;
  final JdbcTemplate writes;
  final SqliteProductStore store;

  ProductDatabase(Path folder) {
    writing = connection(folder, "IMMEDIATE");
    new ResourceDatabasePopulator(new ClassPathResource("db/migration/sqlite/V2__product.sql"))
        .execute(writing);
    reading = connection(folder, "DEFERRED");
    transaction = new TransactionTemplate(new DataSourceTransactionManager(writing));
    writes = new JdbcTemplate(writing);
    store = new SqliteProductStore(writes, JdbcClient.create((DataSource) reading));
  }

  Outcome[] upsert(HeaderMapping mapping, List<ProductRow> rows) {
    return transaction.execute(status -> store.upsert(mapping, rows));
  }

  void inTransaction(Runnable work) {
    transaction.executeWithoutResult(status -> work.run());
  }

  private static SingleConnectionDataSource connection(Path folder, String transactionMode) {
    Properties settings = new Properties();
    settings.setProperty("journal_mode", "WAL");
    settings.setProperty("synchronous", "NORMAL");
    settings.setProperty("busy_timeout", "5000");
    settings.setProperty("transaction_mode", transactionMode);
    SingleConnectionDataSource connection =
        new SingleConnectionDataSource("jdbc:sqlite:" + folder.resolve("products.db"), true);
    connection.setConnectionProperties(settings);
    return connection;
  }

  @Override
  public void close() {
    reading.destroy();
    writing.destroy();
  }
}
