package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The products in SQLite. */
@Repository
@Profile("!postgres")
class SqliteProductStore implements ProductStore {

  private static final JsonMapper JSON = JsonMapper.shared();

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
   */
  private static Outcome[] upsert(
      Connection connection, HeaderMapping mapping, List<ProductRow> rows) throws SQLException {
    ProductRow[] byRow = rows.toArray(ProductRow[]::new);
    Integer[] bySku = new Integer[byRow.length];
    Arrays.setAll(bySku, i -> i);
    Arrays.sort(bySku, (a, b) -> byRow[a].sku().compareTo(byRow[b].sku()));
    Outcome[] outcomes = new Outcome[byRow.length];

    Integer[] existed = new Integer[byRow.length];
    int existing = 0;
    try (PreparedStatement insert = connection.prepareStatement(insertSql(mapping))) {
      for (int i : bySku) {
        bind(insert, mapping, byRow[i], byRow[i].attributes());
        insert.addBatch();
      }
      int[] inserted = insert.executeBatch();
      for (int k = 0; k < inserted.length; k++) {
        if (inserted[k] == 1) {
          outcomes[bySku[k]] = Outcome.CREATED;
        } else {
          existed[existing++] = bySku[k];
        }
      }
    }
    if (existing == 0) {
      return outcomes;
    }
    try (PreparedStatement update = connection.prepareStatement(updateSql(mapping))) {
      for (int k = 0; k < existing; k++) {
        ProductRow row = byRow[existed[k]];
        bind(update, mapping, row, row.attributesPatch());
        update.addBatch();
      }
      int[] updated = update.executeBatch();
      for (int k = 0; k < existing; k++) {
        outcomes[existed[k]] = updated[k] == 1 ? Outcome.UPDATED : Outcome.UNCHANGED;
      }
    }
    return outcomes;
  }

  private static Outcome[] compare(
      Connection connection, HeaderMapping mapping, List<ProductRow> rows) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    try (PreparedStatement compare = connection.prepareStatement(compareSql(mapping))) {
      int i = 0;
      for (ProductRow row : rows) {
        bind(compare, mapping, row, row.attributesPatch());
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
      @Nullable String attributes)
      throws SQLException {
    int slots = mapping.fields().size();
    for (int slot = 0; slot < slots; slot++) {
      statement.setString(slot + 1, row.value(slot));
    }
    if (attributes != null) {
      statement.setString(slots + 1, attributes);
    }
  }

  private static String insertSql(HeaderMapping mapping) {
    String columns = mapping.fields().stream().map(Field::column).collect(joining(", "));
    String parameters = mapping.fields().stream().map(field -> "?").collect(joining(", "));
    return mapping.hasAttributes()
        ? "INSERT INTO product (%s, attributes) VALUES (%s, ?) ON CONFLICT (sku) DO NOTHING"
            .formatted(columns, parameters)
        : "INSERT INTO product (%s) VALUES (%s) ON CONFLICT (sku) DO NOTHING"
            .formatted(columns, parameters);
  }

  private static String updateSql(HeaderMapping mapping) {
    return "UPDATE product SET %s WHERE sku = ?1 AND (%s)"
        .formatted(eachValue(mapping, "%s = %s", ", "), isChanged(mapping));
  }

  private static String compareSql(HeaderMapping mapping) {
    return "SELECT %s FROM product WHERE sku = ?1".formatted(isChanged(mapping));
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
          .append(form.formatted(fields.get(slot).column(), "?" + (slot + 1)));
    }
    if (mapping.hasAttributes()) {
      String patched = "json_patch(attributes, ?%d)".formatted(fields.size() + 1);
      sql.append(separator).append(form.formatted("attributes", patched));
    }
    return sql.toString();
  }

  private static Outcome[] answered(Outcome @Nullable [] outcomes) {
    if (outcomes == null) {
      throw new IllegalStateException("The statement was not run");
    }
    return outcomes;
  }
}
