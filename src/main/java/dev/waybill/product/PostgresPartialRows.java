package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Writes rows that may leave single values of a product unchanged, or have no name for a new
 * product. The rows are copied into a temporary table and merged there with the stored products. If
 * skus are repeated, {@link PostgresPartialSteps} writes the rows. If no sku is repeated, or if a
 * row would make attributes too large, the rows are written in rounds. In each round, a sku occurs
 * only one time.
 */
final class PostgresPartialRows {

  /**
   * The SQLSTATE with which the trigger on the table of products refuses attributes that are too
   * large.
   */
  private static final String ATTRIBUTES_TOO_LARGE = "WB001";

  private static final String MAKE_INCOMING =
      """
      CREATE TEMPORARY TABLE partial_incoming ON COMMIT DELETE ROWS AS
      SELECT stored.*, 0 AS number, 0 AS kept FROM %s AS stored WITH NO DATA
      """
          .formatted(PostgresProductSql.TABLE);

  private static final String INCOMING_EXISTS =
      "SELECT to_regclass('pg_temp.partial_incoming') IS NOT NULL";

  private static final String EMPTY_INCOMING = "DELETE FROM partial_incoming";

  /**
   * Locks the products in the order of their skus. In different orders, two imports that lock the
   * same products could deadlock.
   */
  private static final String LOCK =
      """
      SELECT count(*) FROM (SELECT sku FROM partial_incoming ORDER BY sku OFFSET 0) AS incoming,
        LATERAL (SELECT 1 FROM %s WHERE sku = incoming.sku FOR UPDATE) AS locked
      """
          .formatted(PostgresProductSql.TABLE);

  /**
   * Joins incoming rows with stored products. The join needs only a few rows of the table of
   * products, and OFFSET prevents the planner from reading the whole table.
   */
  static final String INCOMING_BESIDE_STORED =
      """
      FROM partial_incoming AS incoming
        LEFT JOIN LATERAL (SELECT * FROM %s WHERE sku = incoming.sku OFFSET 0) stored ON true
      """
          .formatted(PostgresProductSql.TABLE);

  private final Connection connection;
  private final HeaderMapping mapping;
  private final Writing writing;

  PostgresPartialRows(Connection connection, HeaderMapping mapping, Writing writing) {
    this.connection = connection;
    this.mapping = mapping;
    this.writing = writing;
  }

  Outcome[] upsert(ProductRows rows) throws SQLException {
    List<List<Integer>> rounds = rounds(rows);
    if (rounds.size() > 1) {
      Savepoint before = connection.setSavepoint();
      Outcome[] outcomes =
          new PostgresPartialSteps(connection, this, mapping, writing).upsert(rows);
      if (outcomes != null) {
        return outcomes;
      }
      connection.rollback(before);
    }
    PostgresKeepChanges.start(connection, ProductStore.touched(mapping), writing);
    Outcome[] outcomes = new Outcome[rows.size()];
    for (List<Integer> round : rounds) {
      upsert(rows, round, outcomes);
    }
    return outcomes;
  }

  /** The indexes of the rows, in rounds. Each sku occurs at most one time in a round. */
  private static List<List<Integer>> rounds(ProductRows rows) {
    if (rows.ascending()) {
      return List.of(IntStream.range(0, rows.size()).boxed().toList());
    }
    Map<String, Integer> times = new HashMap<>();
    List<List<Integer>> rounds = new ArrayList<>();
    for (int place = 0; place < rows.size(); place++) {
      int round = times.merge(rows.get(place).sku(), 1, Integer::sum) - 1;
      if (round == rounds.size()) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round).add(place);
    }
    return rounds;
  }

  /**
   * Writes some rows. If the database refuses the rows because attributes would be too large, finds
   * the rows that cause the refusal by repeatedly splitting the rows into halves.
   */
  private void upsert(ProductRows rows, List<Integer> places, Outcome[] outcomes)
      throws SQLException {
    if (places.isEmpty()) {
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      copy(places.stream().map(rows::get).toList());
      merge(rows, places, outcomes);
    } catch (SQLException e) {
      if (!ATTRIBUTES_TOO_LARGE.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      if (places.size() == 1) {
        outcomes[places.getFirst()] = Outcome.ATTRIBUTES_TOO_LARGE;
        return;
      }
      int middle = places.size() / 2;
      upsert(rows, places.subList(0, middle), outcomes);
      upsert(rows, places.subList(middle, places.size()), outcomes);
    }
  }

  private void merge(ProductRows rows, List<Integer> places, Outcome[] outcomes)
      throws SQLException {
    Map<String, Outcome> written = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      int unknown = places.size() - lock(statement);
      try (ResultSet found = statement.executeQuery(upsertSql(isCreatedOrChanged()))) {
        while (found.next()) {
          written.put(found.getString(1), found.getBoolean(2) ? Outcome.CREATED : Outcome.UPDATED);
        }
      }
      for (int place : places) {
        outcomes[place] = written.getOrDefault(rows.get(place).sku(), Outcome.UNCHANGED);
      }
      try (ResultSet nameless =
          statement.executeQuery(
              "SELECT number "
                  + INCOMING_BESIDE_STORED
                  + " WHERE stored.sku IS NULL AND incoming.name IS NULL")) {
        while (nameless.next()) {
          outcomes[places.get(nameless.getInt(1))] = Outcome.NAME_MISSING;
          unknown--;
        }
      }
      if (Collections.frequency(written.values(), Outcome.CREATED) < unknown) {
        throw createdMeanwhile();
      }
    }
  }

  /** Locks the stored products of the copied rows. Returns their number. */
  private static int lock(Statement statement) throws SQLException {
    try (ResultSet locked = statement.executeQuery(LOCK)) {
      locked.next();
      return locked.getInt(1);
    }
  }

  Outcome[] compare(ProductRows rows) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    long[] bytes = new long[rows.size()];
    copy(rows);
    Arrays.fill(outcomes, Outcome.UNCHANGED);
    try (Statement statement = connection.createStatement();
        ResultSet different = statement.executeQuery(compareSql())) {
      while (different.next()) {
        int place = different.getInt(1);
        bytes[place] = different.getLong(5);
        outcomes[place] =
            different.getBoolean(2)
                ? different.getBoolean(3) ? Outcome.NAME_MISSING : Outcome.CREATED
                : different.getBoolean(4) ? Outcome.ATTRIBUTES_TOO_LARGE : Outcome.UPDATED;
      }
    }
    if (writing.keeps()) {
      try (PreparedStatement keep = connection.prepareStatement(keepComparedSql())) {
        keep.setArray(
            1,
            connection.createArrayOf(
                "integer",
                PostgresKeepChanges.fitting(connection, outcomes, bytes, writing.room())));
        keep.executeUpdate();
      }
    }
    return outcomes;
  }

  /** Copies rows into the temporary table. The number of a row is its index in the list. */
  void copy(List<ProductRow> rows) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement exists = connection.prepareStatement(INCOMING_EXISTS);
        ResultSet answer = exists.executeQuery()) {
      boolean made = answer.next() && answer.getBoolean(1);
      statement.execute(made ? EMPTY_INCOMING : MAKE_INCOMING);
    }
    String columns =
        columns().map(column -> column + ", ").collect(joining("", "number, ", "writer, kept"));
    PostgresCopy.rows(
        connection,
        "COPY partial_incoming (%s) FROM STDIN (FORMAT binary)".formatted(columns),
        rows,
        true);
  }

  private Stream<String> columns() {
    Stream<String> fields = mapping.fields().stream().map(Field::column);
    return mapping.hasAttributes() ? Stream.concat(fields, Stream.of("attributes")) : fields;
  }

  /**
   * SQL that writes rows of the temporary table. No sku may occur twice in these rows.
   *
   * @param where the condition for the rows
   */
  String upsertSql(String where) {
    List<String> columns = new ArrayList<>(columns().toList());
    List<String> values = new ArrayList<>(columns.stream().map(this::merged).toList());
    if (!mapping.has(Field.NAME)) {
      columns.add("name");
      values.add("stored.name");
    }
    String assigned =
        columns.stream()
            .skip(1)
            .map(column -> "%1$s = excluded.%1$s".formatted(column))
            .collect(joining(", "));
    return """
    INSERT INTO %s (%s, writer)
    SELECT %s, incoming.writer
    %s
    WHERE %s
    ORDER BY incoming.sku
    ON CONFLICT (sku) DO UPDATE SET %s, writer = excluded.writer
    RETURNING sku, xmax = 0
    """
        .formatted(
            PostgresProductSql.TABLE,
            String.join(", ", columns),
            String.join(", ", values),
            INCOMING_BESIDE_STORED,
            where,
            assigned);
  }

  private String compareSql() {
    return "SELECT number, stored.sku IS NULL, incoming.name IS NULL, %s, %s\n%sWHERE stored.sku IS NULL OR %s"
        .formatted(
            mapping.hasAttributes()
                ? isTooLarge("stored.attributes", merged("attributes"))
                : "false",
            PostgresKeepChanges.bytes(columns().skip(1).toList(), "stored", "incoming"),
            INCOMING_BESIDE_STORED,
            isChanged());
  }

  /**
   * SQL that stores the changes that an upsert would make. The parameter of this SQL is the array
   * of the rows' numbers.
   */
  private String keepComparedSql() {
    List<String> touched = columns().skip(1).toList();
    return "INSERT INTO product_change (writer, chunk, kind, sku, changed%s)\nSELECT %d, %d, 1, incoming.sku, %s%s%s\n%sWHERE stored.sku IS NOT NULL AND %s AND number = ANY (?) ORDER BY number"
        .formatted(
            ChangeColumns.names(touched),
            writing.writer(),
            writing.chunk(),
            ChangeColumns.changedBits(touched, this::differs),
            ChangeColumns.list(touched, column -> whereDiffers(column, "stored." + column)),
            ChangeColumns.list(touched, column -> whereDiffers(column, merged(column))),
            INCOMING_BESIDE_STORED,
            isChanged());
  }

  private String whereDiffers(String column, String value) {
    return "CASE WHEN %s THEN %s END".formatted(differs(column), ChangeColumns.cut(column, value));
  }

  private String differs(String column) {
    return "stored.%s IS DISTINCT FROM %s".formatted(column, merged(column));
  }

  private String isCreatedOrChanged() {
    return "CASE WHEN stored.sku IS NULL THEN incoming.name IS NOT NULL ELSE %s END"
        .formatted(isChanged());
  }

  private String isChanged() {
    String changed = columns().skip(1).map(this::differs).collect(joining(" OR "));
    return changed.isEmpty() ? "false" : "(" + changed + ")";
  }

  /** SQL for the value that a column has after the row is written. */
  String merged(String column) {
    if (column.equals("attributes")) {
      return mapping.replacesAttributes()
          ? "incoming.attributes"
          : "jsonb_strip_nulls(coalesce(stored.attributes, '{}') || incoming.attributes)";
    }
    int slot = mapping.slotOf(Field.named(column).orElseThrow());
    return slot == HeaderMapping.SKU_SLOT
        ? "incoming.sku"
        : "CASE WHEN incoming.kept & %d <> 0 THEN stored.%2$s ELSE incoming.%2$s END"
            .formatted(1 << slot, column);
  }

  /** SQL for the condition that a change would make the attributes of a product too large. */
  static String isTooLarge(String before, String after) {
    return """
    pg_column_size(%1$s) > %2$d AND (
      (SELECT count(*) FROM jsonb_object_keys(%1$s))
        > greatest(%3$d, (SELECT count(*) FROM jsonb_object_keys(%5$s)))
      OR (SELECT octet_length((%1$s)::text) - greatest(2 * count(*) - 1, 0)
          FROM jsonb_object_keys(%1$s))
        > greatest(%4$d, (SELECT octet_length(%5$s::text)
            - greatest(2 * count(*) - 1, 0) FROM jsonb_object_keys(%5$s))))
    """
        .formatted(
            after,
            AttributeLimits.SURELY_FEW_BYTES,
            AttributeLimits.MAX_COUNT,
            AttributeLimits.MAX_BYTES,
            before);
  }

  /**
   * The failure of a chunk after another import has created one of the chunk's products. The values
   * of this product were not known when the chunk was combined. So a row would overwrite values
   * that it must keep.
   */
  static PessimisticLockingFailureException createdMeanwhile() {
    return new PessimisticLockingFailureException(
        "A product was created by another import while a chunk was written");
  }
}
