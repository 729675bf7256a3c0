package dev.waybill.product;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Stores the products in SQLite. */
@Repository
@ConditionalOnDatabase(Database.SQLITE)
class SqliteProductStore implements ProductStore {

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * The number of rows in one INSERT. Starting and ending a statement takes a third of the time
   * that one row takes.
   */
  private static final int ROWS_AN_INSERT = 16;

  /**
   * The number of rows in one batch, a multiple of the rows in one INSERT. The driver keeps the
   * parameters of a batch until the batch is executed. With this number of rows, the parameters are
   * still in the CPU cache when the batch is executed.
   */
  private static final int ROWS_A_BATCH = 256;

  private final JdbcTemplate writes;
  private final JdbcClient reads;

  SqliteProductStore(JdbcTemplate writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public Outcome[] upsert(HeaderMapping mapping, ProductRows rows, Writing writing) {
    ConnectionCallback<Outcome[]> upsert = connection -> upsert(connection, mapping, rows, writing);
    return answered(writes.execute(upsert));
  }

  @Override
  public Outcome[] compare(HeaderMapping mapping, ProductRows rows, Writing writing) {
    ConnectionCallback<Outcome[]> compare =
        connection -> compare(connection, mapping, rows, writing);
    return answered(writes.execute(compare));
  }

  @Override
  public void rehearse(HeaderMapping mapping, ProductRows rows) {
    upsert(mapping, rows, Writing.REHEARSAL);
  }

  @Override
  public Optional<Product> find(String sku) {
    return reads.sql(SqliteProductSql.FIND).param(sku).query(ProductColumns::read).optional();
  }

  @Override
  public FoundProducts findSome(List<String> skus, long bytes) {
    return reads
        .sql(SqliteProductSql.FIND_SOME)
        .params(JSON.writeValueAsString(skus), bytes)
        .query(FoundProducts.reading(skus.size(), 0));
  }

  @Override
  public List<Product> catalogue(CatalogueFilter filter, String after, int limit, long bytes) {
    return reads
        .sql(SqliteProductSql.CATALOGUE)
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
    return writes.update(SqliteProductSql.DELETE, sku) == 1;
  }

  @Override
  public List<GlancedProduct> glance(Collection<String> skus) {
    return reads
        .sql(SqliteProductSql.GLANCE)
        .param(JSON.writeValueAsString(skus))
        .query((row, _) -> GlancedProduct.read(row))
        .list();
  }

  /**
   * Inserts the rows whose products are new, then updates the products of the other rows. A sku
   * that occurs again needs no special treatment: its first row is inserted or updated, and its
   * later rows are updates that run later.
   *
   * <p>The parameters are bound on the driver's own statement, because each value would pass
   * through a proxy with the pool's statement. The batch is run by the pool's statement, so that
   * the pool notices a failure.
   */
  private static Outcome[] upsert(
      Connection connection, HeaderMapping mapping, ProductRows rows, Writing writing)
      throws SQLException {
    if (mapping.isPartial()) {
      return new SqlitePartialRows(connection, mapping, writing).upsert(rows);
    }
    SqliteProductSql sql = new SqliteProductSql(mapping, writing);
    int[] bySku = bySku(rows);
    Outcome[] outcomes = new Outcome[bySku.length];
    long newest = newestRowId(connection);
    int whole = bySku.length - bySku.length % ROWS_AN_INSERT;
    int created =
        insert(connection, mapping, sql, rows, Arrays.copyOf(bySku, whole), ROWS_AN_INSERT)
            + insert(
                connection, mapping, sql, rows, Arrays.copyOfRange(bySku, whole, bySku.length), 1);
    if (created == bySku.length) {
      Arrays.fill(outcomes, Outcome.CREATED);
      return outcomes;
    }
    int[] existed = new int[bySku.length - created];
    int existing = 0;
    try (PreparedStatement select = connection.prepareStatement(SqliteProductSql.CREATED_SINCE)) {
      select.setLong(1, newest);
      try (ResultSet inserted = select.executeQuery()) {
        byte[] next = nextSku(inserted);
        for (int place : bySku) {
          if (next != null && rows.skuIs(place, next)) {
            outcomes[place] = Outcome.CREATED;
            next = nextSku(inserted);
          } else {
            existed[existing++] = place;
          }
        }
      }
    }
    if (mapping.hasAttributes()) {
      execute(connection, SqliteProductSql.MAKE_TOO_LARGE);
      execute(connection, SqliteProductSql.MAKE_LIMIT);
    }
    try (SqliteKeepChanges _ = SqliteKeepChanges.open(connection, mapping, writing)) {
      update(connection, mapping, sql, rows, existed, outcomes);
    }
    return outcomes;
  }

  /** The highest row ID in the table. Each new row gets a higher ID. */
  private static long newestRowId(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SqliteProductSql.NEWEST_ROW_ID);
        ResultSet newest = select.executeQuery()) {
      newest.next();
      return newest.getLong(1); // an empty table has NULL, which is read as 0
    }
  }

  private static byte @Nullable [] nextSku(ResultSet skus) throws SQLException {
    return skus.next() ? skus.getBytes(1) : null;
  }

  /**
   * Inserts the rows whose products do not exist yet.
   *
   * @param places the indexes of the rows; their number is a multiple of {@code atOnce}
   * @return the number of products that were created
   */
  private static int insert(
      Connection connection,
      HeaderMapping mapping,
      SqliteProductSql sql,
      List<ProductRow> rows,
      int[] places,
      int atOnce)
      throws SQLException {
    int created = 0;
    if (places.length == 0) {
      return created;
    }
    int parameters = sql.parameters();
    try (PreparedStatement insert = connection.prepareStatement(sql.insert(atOnce))) {
      PreparedStatement driven = insert.unwrap(PreparedStatement.class);
      int from = 0;
      while (from < places.length) {
        int to = Math.min(from + ROWS_A_BATCH, places.length);
        while (from < to) {
          for (int i = 0; i < atOnce; i++) {
            ProductRow row = rows.get(places[from++]);
            bind(driven, i * parameters, mapping, row, row.attributesUtf8());
          }
          driven.addBatch();
        }
        created += IntStream.of(insert.executeBatch()).sum();
      }
    }
    return created;
  }

  private static void update(
      Connection connection,
      HeaderMapping mapping,
      SqliteProductSql sql,
      ProductRows rows,
      int[] existing,
      Outcome[] outcomes)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql.update())) {
      PreparedStatement driven = update.unwrap(PreparedStatement.class);
      int from = 0;
      while (from < existing.length) {
        int to = batchEnd(mapping, rows, existing, from);
        for (int k = from; k < to; k++) {
          ProductRow row = rows.get(existing[k]);
          bind(driven, 0, mapping, row, row.attributesPatchUtf8());
          driven.addBatch();
        }
        boolean allUpdated = true;
        int first = from;
        for (int updated : update.executeBatch()) {
          outcomes[existing[from++]] = updated == 1 ? Outcome.UPDATED : Outcome.UNCHANGED;
          allUpdated = allUpdated && updated == 1;
        }
        if (!allUpdated && mapping.hasAttributes()) {
          noteTooLarge(connection, rows, existing, first, to, outcomes);
        }
      }
    }
  }

  /**
   * The end (exclusive) of the next batch. If rows have attributes, no sku may occur twice in a
   * batch. The reason is that the trigger records only the skus, and not the indexes, of the rows
   * that it skips.
   */
  private static int batchEnd(HeaderMapping mapping, ProductRows rows, int[] existing, int from) {
    int end = Math.min(from + ROWS_A_BATCH, existing.length);
    if (!mapping.hasAttributes() || rows.ascending()) {
      return end;
    }
    int to = from + 1;
    while (to < end
        && ProductRow.SKU_ORDER.compare(rows.get(existing[to - 1]), rows.get(existing[to])) != 0) {
      to++;
    }
    return to;
  }

  /**
   * Finds, among the rows that changed nothing, the rows that were skipped because attributes would
   * be too large.
   */
  private static void noteTooLarge(
      Connection connection, ProductRows rows, int[] existing, int from, int to, Outcome[] outcomes)
      throws SQLException {
    Set<String> tooLarge = new HashSet<>();
    try (PreparedStatement select = connection.prepareStatement(SqliteProductSql.TOO_LARGE);
        ResultSet skus = select.executeQuery()) {
      while (skus.next()) {
        tooLarge.add(skus.getString(1));
      }
    }
    if (tooLarge.isEmpty()) {
      return;
    }
    execute(connection, SqliteProductSql.EMPTY_TOO_LARGE);
    for (int k = from; k < to; k++) {
      if (tooLarge.contains(rows.get(existing[k]).sku())) {
        outcomes[existing[k]] = Outcome.ATTRIBUTES_TOO_LARGE;
      }
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * The indexes of the rows, ordered by sku as in the index of the table. In this order, rows that
   * are next to each other use the same pages of the index. The sort is stable.
   */
  private static int[] bySku(ProductRows rows) {
    IntStream places = IntStream.range(0, rows.size());
    // Skips the sort if the rows are already in this order, because many files are.
    return rows.ascending()
        ? places.toArray()
        : places
            .boxed()
            .sorted(Comparator.comparing(rows::get, ProductRow.SKU_ORDER))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  private static Outcome[] compare(
      Connection connection, HeaderMapping mapping, ProductRows rows, Writing writing)
      throws SQLException {
    if (mapping.isPartial()) {
      return new SqlitePartialRows(connection, mapping, writing).compare(rows);
    }
    Outcome[] outcomes = new Outcome[rows.size()];
    SqliteProductSql sql = new SqliteProductSql(mapping, writing);
    try (PreparedStatement compare = connection.prepareStatement(sql.compare());
        PreparedStatement keep = connection.prepareStatement(sql.keepCompared())) {
      int i = 0;
      long room = writing.room();
      for (ProductRow row : rows) {
        bind(compare, 0, mapping, row, row.attributesPatchUtf8());
        try (ResultSet stored = compare.executeQuery()) {
          outcomes[i] = compared(stored);
        }
        if (room >= 0 && outcomes[i] == Outcome.UPDATED) {
          bind(keep, 0, mapping, row, row.attributesPatchUtf8());
          room -= keep(keep);
        }
        i++;
      }
    }
    return outcomes;
  }

  /** Executes a statement that stores a change. Returns the size of the change in bytes. */
  static long keep(PreparedStatement keep) throws SQLException {
    try (ResultSet kept = keep.executeQuery()) {
      return kept.next() ? kept.getLong(1) : 0;
    }
  }

  private static Outcome compared(ResultSet stored) throws SQLException {
    if (!stored.next()) {
      return Outcome.CREATED;
    }
    if (stored.getBoolean(2)) {
      return Outcome.ATTRIBUTES_TOO_LARGE;
    }
    return stored.getBoolean(1) ? Outcome.UPDATED : Outcome.UNCHANGED;
  }

  /**
   * Binds the fields in the order of the mapping, then the attributes.
   *
   * @param before the number of parameters of the rows before this row
   */
  static void bind(
      PreparedStatement statement,
      int before,
      HeaderMapping mapping,
      ProductRow row,
      byte @Nullable [] attributes)
      throws SQLException {
    int slots = mapping.fields().size();
    for (int slot = 0; slot < slots; slot++) {
      statement.setBytes(before + slot + 1, row.utf8(slot));
    }
    if (attributes != null) {
      statement.setBytes(before + slots + 1, attributes);
    }
  }

  private static Outcome[] answered(Outcome @Nullable [] outcomes) {
    if (outcomes == null) {
      throw new IllegalStateException("The statement was not run");
    }
    return outcomes;
  }
}
