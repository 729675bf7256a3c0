package dev.waybill.product;

import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.datasource.init.ScriptUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A real database with the table of products: one connection that writes, one that reads. */
final class ProductDatabase implements AutoCloseable {

  /** Keeps the changes, as imports do. */
  static final Writing WRITING = new Writing(1, 1, Long.MAX_VALUE);

  private final SingleConnectionDataSource writing;
  private final SingleConnectionDataSource reading;
  private final TransactionTemplate transaction;
  final JdbcTemplate writes;
  final ProductStore store;

  private ProductDatabase(
      SingleConnectionDataSource writing,
      SingleConnectionDataSource reading,
      BiFunction<JdbcTemplate, JdbcClient, ProductStore> store) {
    this.writing = writing;
    this.reading = reading;
    transaction = new TransactionTemplate(new JdbcTransactionManager(writing));
    writes = new JdbcTemplate(writing);
    this.store = store.apply(writes, JdbcClient.create((DataSource) reading));
  }

  /** An SQLite file in the folder. */
  static ProductDatabase sqlite(Path folder) {
    SingleConnectionDataSource writing = sqlite(folder, "IMMEDIATE");
    migrate(writing, "sqlite/V2__product.sql");
    migrate(writing, "sqlite/V56__changes_and_undo.sql");
    return new ProductDatabase(writing, sqlite(folder, "DEFERRED"), SqliteProductStore::new);
  }

  /** A database of its own on the PostgreSQL of the tests. */
  static ProductDatabase postgres() {
    String url = PostgresServer.newDatabase();
    SingleConnectionDataSource writing = postgres(url);
    migrate(writing, "postgres/V2__product.sql");
    migrate(writing, "postgres/V13__attributes_limit.sql");
    migrate(writing, "postgres/V56__changes_and_undo.sql");
    migrate(writing, "postgres/V70__room_for_changes.sql");
    return new ProductDatabase(writing, postgres(url), PostgresProductStore::new);
  }

  /** Another writer in the same PostgreSQL. */
  ProductDatabase twin() {
    String url = writing.getUrl();
    return new ProductDatabase(postgres(url), postgres(url), PostgresProductStore::new);
  }

  Outcome[] upsert(HeaderMapping mapping, List<ProductRow> rows) {
    return upsert(mapping, rows, WRITING);
  }

  Outcome[] upsert(HeaderMapping mapping, List<ProductRow> rows, Writing writing) {
    return transaction.execute(
        status -> store.upsert(mapping, prepared(mapping, rows, writing), writing));
  }

  /** Prepares rows as an import does before it gives them to the store. */
  ProductRows prepared(HeaderMapping mapping, List<ProductRow> rows) {
    return prepared(mapping, rows, WRITING);
  }

  private ProductRows prepared(HeaderMapping mapping, List<ProductRow> rows, Writing writing) {
    return ProductRows.of(rows.stream().map(store.prepare(mapping, writing.writer())).toList());
  }

  Outcome[] compare(HeaderMapping mapping, List<ProductRow> rows) {
    return compare(mapping, rows, WRITING);
  }

  Outcome[] compare(HeaderMapping mapping, List<ProductRow> rows, Writing writing) {
    return transaction.execute(
        status -> store.compare(mapping, prepared(mapping, rows, writing), writing));
  }

  void inTransaction(Runnable work) {
    transaction.executeWithoutResult(status -> work.run());
  }

  void rollsBack(Runnable work) {
    transaction.executeWithoutResult(
        status -> {
          work.run();
          status.setRollbackOnly();
        });
  }

  private static void migrate(DataSource database, String script) {
    ResourceDatabasePopulator migration =
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/" + script));
    // SQLite's driver executes one statement at a time; PostgreSQL's functions contain semicolons.
    migration.setSeparator(
        script.startsWith("sqlite")
            ? ScriptUtils.DEFAULT_STATEMENT_SEPARATOR
            : ScriptUtils.EOF_STATEMENT_SEPARATOR);
    migration.execute(database);
  }

  private static SingleConnectionDataSource postgres(String url) {
    return new SingleConnectionDataSource(url, PostgresServer.USER, "", true);
  }

  private static SingleConnectionDataSource sqlite(Path folder, String transactionMode) {
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
