package dev.waybill.product;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the products in PostgreSQL.
 *
 * <p>Rows are sent by COPY, which is four times as fast as batches of upserts. While a file
 * contains only new products, its chunks are copied straight into the table of products. After the
 * first existing product, chunks are copied into a temporary table, and one statement upserts the
 * rows that differ. After enough chunks with only new products, chunks are copied straight again;
 * see {@link StraightCopies}.
 */
@Repository
@ConditionalOnDatabase(Database.POSTGRES)
class PostgresProductStore implements ProductStore {

  private final JdbcTemplate writes;
  private final JdbcClient reads;

  /**
   * Stores for each mapping whether the next chunk of the same file is copied straight into the
   * table. This depends on the results of earlier chunks. An entry is garbage-collected together
   * with its mapping.
   */
  private final Map<HeaderMapping, StraightCopies> straightCopies =
      Collections.synchronizedMap(new WeakHashMap<>());

  PostgresProductStore(JdbcTemplate writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public UnaryOperator<ProductRow> prepare(HeaderMapping mapping, int writer) {
    return new PostgresRows(mapping, writer)::encode;
  }

  @Override
  public Outcome[] upsert(HeaderMapping mapping, ProductRows rows, Writing writing) {
    if (mapping.isPartial()) {
      return onConnection(
          connection -> new PostgresPartialRows(connection, mapping, writing).upsert(rows));
    }
    StraightCopies straight = straightCopies.computeIfAbsent(mapping, _ -> new StraightCopies());
    return onConnection(
        connection -> new PostgresChunk(connection, mapping, writing).upsert(rows, straight));
  }

  @Override
  public Outcome[] compare(HeaderMapping mapping, ProductRows rows, Writing writing) {
    return onConnection(
        connection ->
            mapping.isPartial()
                ? new PostgresPartialRows(connection, mapping, writing).compare(rows)
                : new PostgresChunk(connection, mapping, writing).compare(rows));
  }

  /** Does nothing, because a rehearsal would put load on a database server that others use. */
  @Override
  public void rehearse(HeaderMapping mapping, ProductRows rows) {}

  @Override
  public Optional<Product> find(String sku) {
    return reads.sql(PostgresProductSql.FIND).param(sku).query(ProductColumns::read).optional();
  }

  @Override
  public FoundProducts findSome(List<String> skus, long bytes) {
    Object array = skus.toArray(String[]::new);
    return reads
        .sql(PostgresProductSql.FIND_SOME)
        .params(array, bytes, bytes)
        .query(FoundProducts.reading(skus.size(), 1));
  }

  @Override
  public List<Product> catalogue(CatalogueFilter filter, String after, int limit, long bytes) {
    return reads
        .sql(PostgresProductSql.CATALOGUE)
        .param("after", after)
        .param("pattern", filter.pattern())
        .param("category", filter.category())
        .param("limit", limit)
        .param("bytes", bytes)
        .query(ProductColumns::read)
        .list();
  }

  @Override
  public boolean delete(String sku) {
    return writes.update(PostgresProductSql.DELETE, sku) == 1;
  }

  @Override
  public List<GlancedProduct> glance(Collection<String> skus) {
    Object array = skus.toArray(String[]::new);
    return reads
        .sql(PostgresProductSql.GLANCE)
        .param(array)
        .query((row, _) -> GlancedProduct.read(row))
        .list();
  }

  private interface Work {
    Outcome[] on(Connection connection) throws SQLException;
  }

  /**
   * Runs the work in a callback of JdbcTemplate. So Spring translates the exceptions of the work,
   * and deadlocks can be distinguished from other failures.
   */
  private Outcome[] onConnection(Work work) {
    ConnectionCallback<Outcome[]> callback = work::on;
    return Objects.requireNonNull(writes.execute(callback));
  }
}
