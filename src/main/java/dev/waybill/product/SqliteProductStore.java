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

/** The products in SQLite. */
@Repository
@ConditionalOnDatabase(Database.SQLITE)
class SqliteProductStore implements ProductStore {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** To begin and end a statement costs as much as a third of what a row does. */
  private static final int ROWS_AN_INSERT = 16;

  /**
   * The driver keeps the parameters of a batch until it is executed; of so many rows they are still
   * in the processor's cache then. A multiple of the rows of an insert.
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
   * A sku that comes again needs no care: its first row is created or is left to the updates, which
   * run one after the other, and the later ones are updates after it.
   *
   * <p>The rows are given to the driver's own statement, or each value would pass the pool's proxy.
   * The pool must run the batch, however, because it has to notice a failure.
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

  /** SQLite gives each new row a higher ID than any other has. */
  private static long newestRowId(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SqliteProductSql.NEWEST_ROW_ID);
        ResultSet newest = select.executeQuery()) {
      newest.next();
      return newest.getLong(1); // 0 for the NULL of an empty table
    }
  }

  private static byte @Nullable [] nextSku(ResultSet skus) throws SQLException {
    return skus.next() ? skus.getBytes(1) : null;
  }

  /**
   * Inserts those that do not exist yet.
   *
   * @param places of the rows, as many as a multiple of {@code atOnce}
   * @return how many were created
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

  /** With attributes no sku comes twice in a batch, or two rows would be noted under one sku. */
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

  /** Looks which of the rows that changed nothing were skipped. */
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

  /** In the order of the index, so that neighbours share its pages; stable. */
  private static int[] bySku(ProductRows rows) {
    IntStream places = IntStream.range(0, rows.size());
    // Files often are in order.
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
      for (ProductRow row : rows) {
        bind(compare, 0, mapping, row, row.attributesPatchUtf8());
        try (ResultSet stored = compare.executeQuery()) {
          outcomes[i] = compared(stored);
        }
        if (writing.keeps() && outcomes[i] == Outcome.UPDATED) {
          bind(keep, 0, mapping, row, row.attributesPatchUtf8());
          keep.executeUpdate();
        }
        i++;
      }
    }
    return outcomes;
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
   * Binds the fields by their slots, then the attributes.
   *
   * @param before the parameters of the rows before this one
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
