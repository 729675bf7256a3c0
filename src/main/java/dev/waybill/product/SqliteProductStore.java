package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
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
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ScriptUtils;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The products in SQLite. */
@Repository
@Profile("!postgres")
class SqliteProductStore implements ProductStore {

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * The driver keeps the parameters of a batch until it is executed; of so many rows they are still
   * in the processor's cache then.
   */
  private static final int ROWS_A_BATCH = 256;

  /** All of them, so that the rehearsal has the tables of the real database. */
  private static final String MIGRATIONS = "classpath:db/migration/sqlite/V*__*.sql";

  private final JdbcTemplate writes;
  private final JdbcClient reads;

  SqliteProductStore(JdbcTemplate writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public Outcome[] upsert(HeaderMapping mapping, List<ProductRow> rows) {
    ConnectionCallback<Outcome[]> upsert = connection -> upsert(connection, mapping, rows);
    return answered(writes.execute(upsert));
  }

  @Override
  public Outcome[] compare(HeaderMapping mapping, List<ProductRow> rows) {
    ConnectionCallback<Outcome[]> compare = connection -> compare(connection, mapping, rows);
    return answered(writes.execute(compare));
  }

  @Override
  public void rehearse(HeaderMapping mapping, List<ProductRow> rows) {
    try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      memory.setAutoCommit(false);
      for (Resource migration : migrations()) {
        ScriptUtils.executeSqlScript(memory, migration);
      }
      upsert(memory, mapping, rows);
      memory.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException("SQLite refused to work in memory", e);
    }
  }

  private static List<Resource> migrations() {
    try {
      return Stream.of(new PathMatchingResourcePatternResolver().getResources(MIGRATIONS))
          .sorted(Comparator.comparingInt(SqliteProductStore::version))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The migrations cannot be read", e);
    }
  }

  /** Of {@code V10__name.sql} 10. */
  private static int version(Resource migration) {
    String name = String.valueOf(migration.getFilename());
    return Integer.parseInt(name, 1, name.indexOf("__"), 10);
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
   * A batch runs its rows one after the other, so a sku that comes again needs no care: its first
   * row is created or is left to the updates, and the later ones are updates after it.
   *
   * <p>The rows are given to the driver's own statement, or each value would pass the pool's proxy.
   * The pool must run the batch, however, for it has to learn of what fails.
   */
  private static Outcome[] upsert(
      Connection connection, HeaderMapping mapping, List<ProductRow> rows) throws SQLException {
    int[] bySku = bySku(rows);
    Outcome[] outcomes = new Outcome[bySku.length];
    int[] existed = new int[bySku.length];
    int existing = 0;
    try (PreparedStatement insert = connection.prepareStatement(insertSql(mapping))) {
      PreparedStatement driven = insert.unwrap(PreparedStatement.class);
      int from = 0;
      while (from < bySku.length) {
        int to = Math.min(from + ROWS_A_BATCH, bySku.length);
        for (int k = from; k < to; k++) {
          ProductRow row = rows.get(bySku[k]);
          bind(driven, mapping, row, row.attributesUtf8());
          driven.addBatch();
        }
        for (int inserted : insert.executeBatch()) {
          if (inserted == 1) {
            outcomes[bySku[from]] = Outcome.CREATED;
          } else {
            existed[existing++] = bySku[from];
          }
          from++;
        }
      }
    }
    if (existing > 0) {
      update(connection, mapping, rows, Arrays.copyOf(existed, existing), outcomes);
    }
    return outcomes;
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
          bind(driven, mapping, row, row.attributesPatchUtf8());
          driven.addBatch();
        }
        for (int updated : update.executeBatch()) {
          outcomes[existing[from++]] = updated == 1 ? Outcome.UPDATED : Outcome.UNCHANGED;
        }
      }
    }
  }

  /** In the order of the index, so that neighbours share its pages; stable. */
  private static int[] bySku(List<ProductRow> rows) {
    int size = rows.size();
    boolean ordered = true;
    for (int i = 1; i < size && ordered; i++) {
      ordered = ProductRow.SKU_ORDER.compare(rows.get(i - 1), rows.get(i)) <= 0;
    }
    IntStream places = IntStream.range(0, size);
    // Files often are in order.
    return ordered
        ? places.toArray()
        : places
            .boxed()
            .sorted(Comparator.comparing(rows::get, ProductRow.SKU_ORDER))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  private static Outcome[] compare(
      Connection connection, HeaderMapping mapping, List<ProductRow> rows) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    try (PreparedStatement compare = connection.prepareStatement(compareSql(mapping))) {
      int i = 0;
      for (ProductRow row : rows) {
        bind(compare, mapping, row, row.attributesPatchUtf8());
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

  /** The same parameters in all three statements: the fields by their slots, then attributes. */
  private static void bind(
      PreparedStatement statement,
      HeaderMapping mapping,
      ProductRow row,
      byte @Nullable [] attributes)
      throws SQLException {
    int slots = mapping.fields().size();
    for (int slot = 0; slot < slots; slot++) {
      statement.setBytes(slot + 1, row.utf8(slot));
    }
    if (attributes != null) {
      statement.setBytes(slots + 1, attributes);
    }
  }

  private static String insertSql(HeaderMapping mapping) {
    String columns = mapping.fields().stream().map(Field::column).collect(joining(", "));
    String parameters =
        IntStream.rangeClosed(1, mapping.fields().size())
            .mapToObj(SqliteProductStore::parameter)
            .collect(joining(", "));
    return mapping.hasAttributes()
        ? "INSERT INTO product (%s, attributes) VALUES (%s, %s) ON CONFLICT (sku) DO NOTHING"
            .formatted(columns, parameters, parameter(mapping.fields().size() + 1))
        : "INSERT INTO product (%s) VALUES (%s) ON CONFLICT (sku) DO NOTHING"
            .formatted(columns, parameters);
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
