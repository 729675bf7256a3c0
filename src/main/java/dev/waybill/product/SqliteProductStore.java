package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  private static final String NEWEST_ROW_ID = "SELECT max(rowid) FROM product";

  private static final String CREATED_SINCE =
      "SELECT sku FROM product WHERE rowid > ? ORDER BY rowid";

  private final JdbcTemplate writes;
  private final JdbcClient reads;

  SqliteProductStore(JdbcTemplate writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public Outcome[] upsert(HeaderMapping mapping, ProductRows rows) {
    ConnectionCallback<Outcome[]> upsert = connection -> upsert(connection, mapping, rows);
    return answered(writes.execute(upsert));
  }

  @Override
  public Outcome[] compare(HeaderMapping mapping, ProductRows rows) {
    ConnectionCallback<Outcome[]> compare = connection -> compare(connection, mapping, rows);
    return answered(writes.execute(compare));
  }

  @Override
  public void rehearse(HeaderMapping mapping, ProductRows rows) {
    upsert(mapping, rows);
  }

  @Override
  public Optional<Product> find(String sku) {
    return reads
        .sql("SELECT * FROM product WHERE sku = ?")
        .param(sku)
        .query(ProductColumns::read)
        .optional();
  }

  @Override
  public Map<String, Product> findAll(Collection<String> skus) {
    Map<String, Product> found = HashMap.newHashMap(skus.size());
    // One parameter, whatever the number of skus: SQLite takes at most 32,766.
    reads
        .sql("SELECT * FROM product WHERE sku IN (SELECT value FROM json_each(?))")
        .param(JSON.writeValueAsString(skus))
        .query(ProductColumns::read)
        .list()
        .forEach(product -> found.put(product.sku(), product));
    return found;
  }

  /**
   * A sku that comes again needs no care: its first row is created or is left to the updates, which
   * run one after the other, and the later ones are updates after it.
   *
   * <p>The rows are given to the driver's own statement, or each value would pass the pool's proxy.
   * The pool must run the batch, however, for it has to learn of what fails.
   */
  private static Outcome[] upsert(Connection connection, HeaderMapping mapping, ProductRows rows)
      throws SQLException {
    int[] bySku = bySku(rows);
    Outcome[] outcomes = new Outcome[bySku.length];
    long newest = newestRowId(connection);
    int whole = bySku.length - bySku.length % ROWS_AN_INSERT;
    int created =
        insert(connection, mapping, rows, Arrays.copyOf(bySku, whole), ROWS_AN_INSERT)
            + insert(connection, mapping, rows, Arrays.copyOfRange(bySku, whole, bySku.length), 1);
    if (created == bySku.length) {
      Arrays.fill(outcomes, Outcome.CREATED);
      return outcomes;
    }
    int[] existed = new int[bySku.length - created];
    int existing = 0;
    try (PreparedStatement select = connection.prepareStatement(CREATED_SINCE)) {
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
    update(connection, mapping, rows, existed, outcomes);
    return outcomes;
  }

  /** SQLite gives each new row a higher ID than any other has. */
  private static long newestRowId(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NEWEST_ROW_ID);
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
      Connection connection, HeaderMapping mapping, List<ProductRow> rows, int[] places, int atOnce)
      throws SQLException {
    int created = 0;
    if (places.length == 0) {
      return created;
    }
    int parameters = parameters(mapping);
    try (PreparedStatement insert = connection.prepareStatement(insertSql(mapping, atOnce))) {
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
      List<ProductRow> rows,
      int[] existing,
      Outcome[] outcomes)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(updateSql(mapping))) {
      PreparedStatement driven = update.unwrap(PreparedStatement.class);
      int from = 0;
      while (from < existing.length) {
        int to = Math.min(from + ROWS_A_BATCH, existing.length);
        for (int k = from; k < to; k++) {
          ProductRow row = rows.get(existing[k]);
          bind(driven, 0, mapping, row, row.attributesPatchUtf8());
          driven.addBatch();
        }
        for (int updated : update.executeBatch()) {
          outcomes[existing[from++]] = updated == 1 ? Outcome.UPDATED : Outcome.UNCHANGED;
        }
      }
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

  private static Outcome[] compare(Connection connection, HeaderMapping mapping, ProductRows rows)
      throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    try (PreparedStatement compare = connection.prepareStatement(compareSql(mapping))) {
      int i = 0;
      for (ProductRow row : rows) {
        bind(compare, 0, mapping, row, row.attributesPatchUtf8());
        try (ResultSet stored = compare.executeQuery()) {
          outcomes[i++] =
              !stored.next()
                  ? Outcome.CREATED
                  : stored.getBoolean(1) ? Outcome.UPDATED : Outcome.UNCHANGED;
        }
      }
    }
    return outcomes;
  }

  /**
   * The same parameters in all statements: the fields by their slots, then attributes.
   *
   * @param before the parameters of the rows before this one
   */
  private static void bind(
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

  private static int parameters(HeaderMapping mapping) {
    return mapping.fields().size() + (mapping.hasAttributes() ? 1 : 0);
  }

  /**
   * OR FAIL, or SQLite would keep a copy of each page that the statement changes, to undo its first
   * rows if a later one fails. The chunk's transaction undoes them.
   */
  private static String insertSql(HeaderMapping mapping, int rows) {
    Stream<String> fields = mapping.fields().stream().map(Field::column);
    Stream<String> attributes = mapping.hasAttributes() ? Stream.of("attributes") : Stream.of();
    int parameters = parameters(mapping);
    return "INSERT OR FAIL INTO product (%s) VALUES %s ON CONFLICT (sku) DO NOTHING"
        .formatted(
            Stream.concat(fields, attributes).collect(joining(", ")),
            IntStream.range(0, rows)
                .mapToObj(row -> values(row * parameters, parameters))
                .collect(joining(", ")));
  }

  private static String values(int before, int parameters) {
    return IntStream.rangeClosed(before + 1, before + parameters)
        .mapToObj(SqliteProductStore::parameter)
        .collect(joining(", ", "(", ")"));
  }

  private static String updateSql(HeaderMapping mapping) {
    return "UPDATE product SET %s WHERE sku = %s AND (%s)"
        .formatted(eachValue(mapping, "%s = %s", ", "), parameter(1), isChanged(mapping));
  }

  private static String compareSql(HeaderMapping mapping) {
    return "SELECT %s FROM product WHERE sku = %s".formatted(isChanged(mapping), parameter(1));
  }

  private static String isChanged(HeaderMapping mapping) {
    return eachValue(mapping, "%s IS NOT %s", " OR ");
  }

  /** Column and new value of all but the sku. */
  private static String eachValue(HeaderMapping mapping, String form, String separator) {
    List<Field> fields = mapping.fields();
    StringBuilder sql = new StringBuilder();
    for (int slot = HeaderMapping.SKU_SLOT + 1; slot < fields.size(); slot++) {
      sql.append(sql.isEmpty() ? "" : separator)
          .append(form.formatted(fields.get(slot).column(), parameter(slot + 1)));
    }
    if (mapping.hasAttributes()) {
      String patched = "json_patch(attributes, %s)".formatted(parameter(fields.size() + 1));
      sql.append(separator).append(form.formatted("attributes", patched));
    }
    return sql.toString();
  }

  /** Bytes that are bound become text by this without being looked at. */
  private static String parameter(int number) {
    return "CAST(?%d AS TEXT)".formatted(number);
  }

  private static Outcome[] answered(Outcome @Nullable [] outcomes) {
    if (outcomes == null) {
      throw new IllegalStateException("The statement was not run");
    }
    return outcomes;
  }
}
