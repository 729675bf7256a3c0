package dev.waybill.product;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The SQL statements of an undo in PostgreSQL. Other jobs may write the same products during an
 * undo. So each statement that replaces or deletes a product checks the product's last writer.
 */
@Component
@ConditionalOnDatabase(Database.POSTGRES)
class PostgresReverseSql implements ReverseSql {

  /**
   * The settings for this transaction. The undo needs only a few of many products, so the planner
   * must not read the whole table. The skus of the products that the undo has already written must
   * fit into a hash table in memory.
   */
  private static final String BY_INDEX =
      """
      SELECT set_config('enable_seqscan', 'off', true),
        set_config('enable_mergejoin', 'off', true), set_config('work_mem', '64MB', true)
      """;

  /**
   * Locks the products in the same order as imports do. In a different order, an import and an undo
   * could deadlock.
   */
  private static final String LOCK =
      """
      SELECT count(*) FROM (
        SELECT sku FROM (
          SELECT sku FROM product_change WHERE writer = ? AND chunk = ?
          UNION ALL SELECT unnest(?::text[])) AS entry
        ORDER BY sku COLLATE "C" OFFSET 0) AS entry,
        LATERAL (SELECT 1 FROM %s WHERE product.sku = entry.sku FOR UPDATE) AS locked
      """
          .formatted(TABLE);

  @Override
  public Object skus(List<String> skus) {
    return skus.toArray(String[]::new);
  }

  @Override
  public String createdSkus() {
    return "SELECT unnest(CAST(:created AS text[])) AS sku";
  }

  @Override
  public void prepare(JdbcTemplate jdbc, UndoPart part) {
    jdbc.query(BY_INDEX, _ -> {});
    jdbc.query(LOCK, _ -> {}, part.target(), part.chunk(), part.created().toArray(String[]::new));
  }

  @Override
  public int whileKeeping(JdbcTemplate jdbc, UndoPart part, IntSupplier update) {
    ConnectionCallback<Boolean> start =
        connection -> {
          PostgresKeepChanges.start(connection, part.touched(), part.writing());
          return true;
        };
    jdbc.execute(start);
    return update.getAsInt();
  }

  @Override
  public int delete(NamedParameterJdbcTemplate jdbc, String skus, Map<String, Object> values) {
    return jdbc.update(
        """
        WITH gone AS (
          DELETE FROM %s USING (%s) AS entry
          WHERE product.sku = entry.sku AND product.writer = :target RETURNING product.*)
        INSERT INTO product_change (writer, chunk, kind, sku, prior, changed, %s)
        SELECT :writer, :part, 2, sku, writer, 0, %s FROM gone
        """
            .formatted(TABLE, skus, OLD_COLUMNS, COLUMNS),
        values);
  }

  @Override
  public int putBack(NamedParameterJdbcTemplate jdbc, Map<String, Object> values) {
    return jdbc.update(
        """
        WITH back AS (
          INSERT INTO %s (sku, %s, writer)
          SELECT sku, %s, :writer FROM product_change
          WHERE writer = :target AND chunk = :chunk AND kind = 2 ORDER BY sku
          ON CONFLICT (sku) DO NOTHING RETURNING sku)
        INSERT INTO product_change (writer, chunk, kind, sku, changed)
        SELECT :writer, :part, 3, sku, 0 FROM back
        """
            .formatted(TABLE, COLUMNS, OLD_COLUMNS),
        values);
  }

  @Override
  public String changeBytes() {
    return "pg_column_size(product_change.*)";
  }

  @Override
  public String deletionBytes() {
    return changeBytes();
  }

  @Override
  public boolean hasLeftOut(JdbcClient jdbc) {
    return jdbc.sql("SELECT coalesce(%s < 0, false)".formatted(PostgresKeepChanges.ROOM_LEFT))
        .query(Boolean.class)
        .single();
  }
}
