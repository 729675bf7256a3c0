package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The SQL statements on the table of products. The constants do not depend on a mapping. An
 * instance provides the statements that write the rows of one mapping.
 *
 * <p>A row first removes the attributes for which the file has a column, then adds its own
 * attributes. So a blank cell clears an attribute, and attributes without a column are kept. The
 * statements that write or compare rows have a parameter with the list of the attributes that have
 * a column. Some statements have this parameter several times.
 */
final class PostgresProductSql {

  /** The table's name, for statements in other classes. */
  static final String TABLE = "product";

  static final String FIND = "SELECT * FROM product WHERE sku = ?";

  /**
   * Finds the products with the given skus, in the order of the skus, until the products exceed a
   * number of bytes. {@code cut} is the position (from 1) of the first sku that was left out.
   */
  static final String FIND_SOME =
      """
      WITH sized AS MATERIALIZED (
        SELECT place, wanted.sku, coalesce(sum(bytes) OVER (
          ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM unnest(?::text[]) WITH ORDINALITY AS wanted (sku, place),
          LATERAL (SELECT %s AS bytes FROM product WHERE sku = wanted.sku OFFSET 0) stored)
      SELECT found.*, (SELECT min(place) FROM sized WHERE before >= ?) AS cut
      FROM sized, LATERAL (SELECT * FROM product WHERE sku = sized.sku OFFSET 0) found
      WHERE before < ?
      """
          .formatted(ProductColumns.bytes("attributes::text"));

  static final String CATALOGUE = ProductColumns.catalogue(TABLE, "ILIKE", "attributes::text");

  static final String DELETE = "DELETE FROM product WHERE sku = ?";

  static final String GLANCE = ProductColumns.GLANCE + " FROM product WHERE sku = ANY (?)";

  /**
   * Reads for each product the number and the size of all its attributes. Also reads the number and
   * the size of the attributes for which the file has no column. The size is the size of JSON
   * without white space.
   */
  private static final String ATTRIBUTE_SIZES =
      """
      SELECT sku, stored.count, stored.bytes, others.count, others.bytes
      FROM (SELECT sku, attributes FROM product WHERE sku = ANY (?) ORDER BY sku %s) AS found,
        LATERAL (SELECT attributes - ?::text[] AS rest OFFSET 0) AS other,
        LATERAL (
          SELECT count(*), octet_length(attributes::text) - greatest(2 * count(*) - 1, 0) AS bytes
          FROM jsonb_object_keys(attributes)) AS stored,
        LATERAL (
          SELECT count(*), octet_length(rest::text) - greatest(2 * count(*) - 1, 0) AS bytes
          FROM jsonb_object_keys(rest)) AS others
      """;

  static final String READ_ATTRIBUTE_SIZES = ATTRIBUTE_SIZES.formatted("");

  /**
   * Locks the products in the order of their skus. In different orders, two imports that lock the
   * same products could deadlock.
   */
  static final String LOCK_ATTRIBUTE_SIZES = ATTRIBUTE_SIZES.formatted("FOR UPDATE");

  /**
   * Creates a temporary table for incoming rows. The table exists until its connection is closed,
   * and is empty at the start of each transaction. The column {@code number} is the index of the
   * row among the copied rows. This column is only filled for statements that need it; otherwise it
   * is null.
   */
  static final String MAKE_INCOMING =
      """
      CREATE TEMPORARY TABLE incoming
        (LIKE product INCLUDING DEFAULTS, number integer) ON COMMIT DELETE ROWS
      """;

  /**
   * Checks whether the temporary table exists. CREATE TABLE is only executed if the table does not
   * exist, because the driver prepares all its statements again after a CREATE.
   */
  static final String INCOMING_EXISTS = "SELECT to_regclass('pg_temp.incoming') IS NOT NULL";

  static final String EMPTY_INCOMING = "TRUNCATE incoming";

  private static final String ATTRIBUTES = "attributes";

  /** The number of parameters of the upsert that contain the list of the attributes' names. */
  static final int ATTRIBUTES_IN_UPSERT = 3;

  static final int ATTRIBUTES_IN_COMPARE = 2;

  static final int ATTRIBUTES_IN_KEEP = 5;

  static final int ATTRIBUTES_IN_KEEP_REPEATED = 2;

  /** Makes a job the last writer of some products. */
  static final String SIGN =
      "UPDATE product SET writer = ? WHERE sku = ANY (?) AND writer IS DISTINCT FROM ?";

  /**
   * Joins incoming rows with stored products. The join needs only a few rows of the table of
   * products, and OFFSET prevents the planner from reading the whole table.
   */
  private static final String INCOMING_BESIDE_STORED =
      """
      FROM incoming
        LEFT JOIN LATERAL (SELECT * FROM product WHERE sku = incoming.sku OFFSET 0) stored ON true
      """;

  private final List<String> columns = new ArrayList<>();
  private final String[] attributeNames;

  PostgresProductSql(HeaderMapping mapping) {
    mapping.fields().forEach(field -> columns.add(field.column()));
    if (mapping.hasAttributes()) {
      columns.add(ATTRIBUTES);
    }
    attributeNames = mapping.attributeNames().toArray(String[]::new);
  }

  String[] attributeNames() {
    return attributeNames;
  }

  /**
   * Sets each of the first {@code times} parameters of a statement to the list of the attributes'
   * names.
   */
  void bindAttributes(PreparedStatement statement, int times) throws SQLException {
    if (columns.contains(ATTRIBUTES)) {
      for (int parameter = 1; parameter <= times; parameter++) {
        statement.setObject(parameter, attributeNames);
      }
    }
  }

  String copyIntoTable() {
    return "COPY product (%s, writer) FROM STDIN (FORMAT binary)"
        .formatted(String.join(", ", columns));
  }

  String copyIntoIncoming(boolean numbered) {
    return "COPY incoming (%s%s, writer) FROM STDIN (FORMAT binary)"
        .formatted(numbered ? "number, " : "", String.join(", ", columns));
  }

  /**
   * Writes the rows that differ from their stored products. Returns the sku of each written row,
   * and whether its product is new. Rows without a difference are left out before the upsert,
   * because the upsert would lock their products, and a lock is a write. A row that differs is
   * compared again after its product is locked, because another import may have changed the
   * product.
   */
  String upsert() {
    String all = String.join(", ", columns);
    String selected = columns.stream().map(c -> "incoming." + c).collect(joining(", "));
    String assigned =
        columns.stream()
            .skip(1)
            .map(column -> column + " = " + patched(column, "product", "excluded"))
            .collect(joining(", "));
    return """
    INSERT INTO product (%s, writer)
    SELECT %s, incoming.writer
    %s
    WHERE stored.sku IS NULL OR %s
    ORDER BY incoming.sku
    ON CONFLICT (sku) DO UPDATE SET %s, writer = excluded.writer WHERE %s
    RETURNING sku, xmax = 0
    """
        .formatted(
            all,
            selected,
            INCOMING_BESIDE_STORED,
            isChanged("stored", "incoming"),
            assigned,
            isChanged("product", "excluded"));
  }

  /**
   * Returns one result row for each incoming row that would change something. A result row contains
   * the number of the incoming row, and whether the product would be new. The result row also says
   * whether the new attributes are so large that their limits must be checked, and estimates the
   * size of the change in bytes.
   */
  String compare() {
    String large =
        columns.contains(ATTRIBUTES)
            ? "pg_column_size(%s) > %d"
                .formatted(
                    patched(ATTRIBUTES, "stored", "incoming"), AttributeLimits.SURELY_FEW_BYTES)
            : "false";
    return "SELECT number, stored.sku IS NULL, stored.sku IS NOT NULL AND %s, %s\n%sWHERE stored.sku IS NULL OR %s"
        .formatted(
            large,
            PostgresKeepChanges.bytes(touched(), "stored", "incoming"),
            INCOMING_BESIDE_STORED,
            isChanged("stored", "incoming"));
  }

  /**
   * SQL that stores the changes that an upsert would make. The last parameter of this SQL is the
   * array of the rows' numbers.
   */
  String keepCompared(Writing writing) {
    List<String> touched = touched();
    return "INSERT INTO product_change (writer, chunk, kind, sku, changed%s)\nSELECT %d, %d, 1, incoming.sku, %s%s%s\n%sWHERE stored.sku IS NOT NULL AND (%s) AND number = ANY (?) ORDER BY number"
        .formatted(
            ChangeColumns.names(touched),
            writing.writer(),
            writing.chunk(),
            ChangeColumns.changedBits(touched, PostgresProductSql::differs),
            ChangeColumns.list(touched, column -> whereDiffers(column, "stored." + column)),
            ChangeColumns.list(
                touched, column -> whereDiffers(column, patched(column, "stored", "incoming"))),
            INCOMING_BESIDE_STORED,
            isChanged("stored", "incoming"));
  }

  /**
   * SQL that locks products in the order of their skus. Returns the size of the large values of
   * each product, and the number of bytes of changes that may still be stored.
   */
  String lockSizes() {
    return "SELECT sku, %s, %s FROM product WHERE sku = ANY (?) ORDER BY sku FOR UPDATE"
        .formatted(PostgresKeepChanges.storedBytes(touched()), PostgresKeepChanges.ROOM_LEFT);
  }

  /**
   * SQL that stores a change for each incoming row. The first row of a sku is compared with the
   * stored product. Each later row is compared with the previous row.
   */
  String keepRepeated(Writing writing) {
    List<String> touched = touched();
    return """
    INSERT INTO product_change (writer, chunk, kind, sku, prior, changed%s)
    SELECT %d, %d, 1, sku, prior, %s%s%s
    FROM (
      SELECT incoming.sku, incoming.number,
        lag(incoming.writer, 1, stored.writer) OVER steps AS prior%s%s
      FROM incoming, LATERAL (SELECT * FROM product WHERE sku = incoming.sku OFFSET 0) stored
      WINDOW steps AS (PARTITION BY incoming.sku ORDER BY incoming.number)) AS step
    ORDER BY number
    """
        .formatted(
            ChangeColumns.names(touched),
            writing.writer(),
            writing.chunk(),
            ChangeColumns.changedBits(touched, PostgresProductSql::stepDiffers),
            ChangeColumns.list(touched, column -> "before_" + column),
            ChangeColumns.list(
                touched,
                column ->
                    "CASE WHEN %s THEN %s END"
                        .formatted(
                            stepDiffers(column), ChangeColumns.cut(column, "after_" + column))),
            ChangeColumns.list(
                touched,
                column ->
                    "lag(%s, 1, stored.%2$s) OVER steps AS before_%2$s"
                        .formatted(patched(column, "stored", "incoming"), column)),
            ChangeColumns.list(
                touched,
                column ->
                    "%s AS after_%s".formatted(patched(column, "stored", "incoming"), column)));
  }

  private static String stepDiffers(String column) {
    return "after_%1$s IS DISTINCT FROM before_%1$s".formatted(column);
  }

  /** The columns that a row may change. */
  private List<String> touched() {
    return columns.subList(1, columns.size());
  }

  private static String whereDiffers(String column, String value) {
    return "CASE WHEN %s THEN %s END".formatted(differs(column), ChangeColumns.cut(column, value));
  }

  private static String differs(String column) {
    return isChanged(column, "stored", "incoming");
  }

  private String isChanged(String stored, String incoming) {
    return columns.stream()
        .skip(1)
        .map(column -> isChanged(column, stored, incoming))
        .collect(joining(" OR "));
  }

  /**
   * SQL for the condition that the column changes. Attributes are first compared without a merge,
   * because equal attributes need no merge.
   */
  private static String isChanged(String column, String stored, String incoming) {
    String before = stored + "." + column;
    return column.equals(ATTRIBUTES)
        ? "%s <> %s.%s AND %s <> %s"
            .formatted(before, incoming, column, before, patched(column, stored, incoming))
        : "%s IS DISTINCT FROM %s.%s".formatted(before, incoming, column);
  }

  private static String patched(String column, String stored, String incoming) {
    return column.equals(ATTRIBUTES)
        ? "((%s.attributes - ?::text[]) || %s.attributes)".formatted(stored, incoming)
        : incoming + "." + column;
  }
}
