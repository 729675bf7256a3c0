package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The SQL statements on the table of products. The constants do not depend on a mapping. An
 * instance provides the statements that write the rows of one mapping. All statements for rows have
 * the same parameters: the fields in the order of the mapping, then the attributes. Some statements
 * have one more parameter, see {@link #parameters}.
 */
final class SqliteProductSql {

  static final String FIND = "SELECT * FROM product WHERE sku = ?";

  static final String EXISTS = "SELECT 1 FROM product WHERE sku = CAST(? AS TEXT)";

  static final String NEWEST_ROW_ID = "SELECT max(rowid) FROM product";

  static final String CREATED_SINCE = "SELECT sku FROM product WHERE rowid > ? ORDER BY rowid";

  /**
   * Finds the products with the given skus, in the order of the skus, until the products exceed a
   * number of bytes. {@code cut} is the position (from 0) of the first sku that was left out. All
   * skus are passed as one parameter, because SQLite accepts at most 32,766 parameters.
   */
  static final String FIND_SOME =
      """
      WITH sized AS MATERIALIZED (
        SELECT wanted.key AS place, sku, coalesce(sum(%s) OVER (
          ORDER BY wanted.key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM json_each(?1) AS wanted CROSS JOIN product ON sku = wanted.value)
      SELECT product.*, (SELECT min(place) FROM sized WHERE before >= ?2) AS cut
      FROM sized CROSS JOIN product ON product.sku = sized.sku
      WHERE before < ?2
      """
          .formatted(ProductColumns.bytes("attributes"));

  static final String CATALOGUE = ProductColumns.catalogue("product", "LIKE", "attributes");

  static final String DELETE = "DELETE FROM product WHERE sku = ?";

  static final String GLANCE =
      ProductColumns.GLANCE + " FROM product WHERE sku IN (SELECT value FROM json_each(?))";

  /**
   * Creates a temporary table for the skus of products whose attributes would become too large. The
   * table exists until its connection is closed.
   */
  static final String MAKE_TOO_LARGE =
      "CREATE TEMP TABLE IF NOT EXISTS too_large (sku TEXT NOT NULL)";

  /**
   * A trigger that skips each update that would make attributes too large (see {@link
   * AttributeLimits}), and records the sku. The trigger slows updates down only very little,
   * because most attributes are so small that their size alone proves that they are within the
   * limits. The trigger exists only on this connection, because other users of the database do not
   * expect that an update is skipped.
   */
  static final String MAKE_LIMIT =
      """
      CREATE TEMP TRIGGER IF NOT EXISTS attributes_limit BEFORE UPDATE OF attributes ON product
      WHEN %s
      BEGIN
        INSERT INTO too_large VALUES (new.sku);
        SELECT RAISE(IGNORE);
      END
      """
          .formatted(isTooLarge("new.attributes", "old.attributes"));

  static final String TOO_LARGE = "SELECT sku FROM too_large";

  static final String EMPTY_TOO_LARGE = "DELETE FROM too_large";

  private final HeaderMapping mapping;
  private final Writing writing;
  private final boolean partial;
  private final int parameters;

  SqliteProductSql(HeaderMapping mapping, Writing writing) {
    this.mapping = mapping;
    this.writing = writing;
    this.partial = mapping.isPartial();
    this.parameters = mapping.fields().size() + (mapping.hasAttributes() ? 1 : 0);
  }

  /**
   * The number of parameters of one row. The update of a partial row has one more parameter, which
   * contains the bits of the values that are kept.
   */
  int parameters() {
    return parameters;
  }

  /**
   * Inserts rows with {@code OR FAIL}. Without {@code OR FAIL}, SQLite would copy each page that
   * the statement changes, so that it could undo the first rows if a later row fails. This copy is
   * not needed, because the whole transaction of the chunk is rolled back if a row fails.
   */
  String insert(int rows) {
    Stream<String> fields = mapping.fields().stream().map(Field::column);
    Stream<String> attributes = mapping.hasAttributes() ? Stream.of("attributes") : Stream.of();
    return "INSERT OR FAIL INTO product (%s, writer) VALUES %s ON CONFLICT (sku) DO NOTHING"
        .formatted(
            Stream.concat(fields, attributes).collect(joining(", ")),
            IntStream.range(0, rows)
                .mapToObj(row -> values(row * parameters))
                .collect(joining(", ")));
  }

  private String values(int before) {
    return IntStream.rangeClosed(before + 1, before + parameters)
        .mapToObj(SqliteProductSql::parameter)
        .collect(joining(", ", "(", ", " + writing.writer() + ")"));
  }

  String update() {
    String values = eachValue("%s = %s", ", ");
    // If the sku is the only column of the file, the update changes nothing.
    return values.isEmpty()
        ? "UPDATE product SET sku = sku WHERE sku = %s AND false".formatted(parameter(1))
        : "UPDATE product SET %s, writer = %d WHERE sku = %s AND (%s)"
            .formatted(values, writing.writer(), parameter(1), isChanged());
  }

  /**
   * SQL that returns whether a product would change, and whether its attributes would be too large.
   */
  String compare() {
    String tooLarge =
        mapping.hasAttributes()
            ? "attributes IS NOT %1$s AND %2$s"
                .formatted(patched(), isTooLarge(patched(), "attributes"))
            : "false";
    return "SELECT %s, %s FROM product WHERE sku = %s"
        .formatted(isChanged(), tooLarge, parameter(1));
  }

  /**
   * SQL that stores the change that an update would make, and returns the size of the change in
   * bytes.
   */
  String keepCompared() {
    List<String> touched = ChangeColumns.touched(mapping);
    return "INSERT INTO product_change (writer, chunk, kind, sku, changed%s) SELECT %d, %d, 1, sku, %s%s%s FROM product WHERE sku = %s RETURNING %s"
        .formatted(
            ChangeColumns.names(touched),
            writing.writer(),
            writing.chunk(),
            ChangeColumns.changedBits(touched, this::differs),
            ChangeColumns.list(touched, column -> whereDiffers(column, column)),
            ChangeColumns.list(touched, column -> whereDiffers(column, valueOf(column))),
            parameter(1),
            SqliteReverseSql.CHANGE_BYTES);
  }

  private String whereDiffers(String column, String value) {
    return "iif(%s, %s, NULL)".formatted(differs(column), ChangeColumns.cut(column, value));
  }

  private String differs(String column) {
    return "%s IS NOT %s".formatted(column, valueOf(column));
  }

  private String valueOf(String column) {
    if (column.equals(ChangeColumns.ATTRIBUTES)) {
      return patched();
    }
    Field field = Field.named(column).orElseThrow();
    return value(field, mapping.slotOf(field));
  }

  private String isChanged() {
    String changed = eachValue("%s IS NOT %s", " OR ");
    return changed.isEmpty() ? "false" : changed;
  }

  /** Formats the name and the new value of each column except the sku, and joins the results. */
  private String eachValue(String form, String separator) {
    List<Field> fields = mapping.fields();
    StringBuilder sql = new StringBuilder();
    for (int slot = HeaderMapping.SKU_SLOT + 1; slot < fields.size(); slot++) {
      sql.append(sql.isEmpty() ? "" : separator)
          .append(form.formatted(fields.get(slot).column(), value(fields.get(slot), slot)));
    }
    if (mapping.hasAttributes()) {
      sql.append(sql.isEmpty() ? "" : separator).append(form.formatted("attributes", patched()));
    }
    return sql.toString();
  }

  private String value(Field field, int slot) {
    return partial
        ? "iif(?%d & %d, %s, %s)"
            .formatted(parameters + 1, 1 << slot, field.column(), parameter(slot + 1))
        : parameter(slot + 1);
  }

  private String patched() {
    return mapping.replacesAttributes()
        ? parameter(parameters)
        : "json_patch(attributes, %s)".formatted(parameter(parameters));
  }

  private static String isTooLarge(String after, String before) {
    return """
    octet_length(%1$s) > %3$d AND (
      octet_length(%1$s) > max(%4$d, octet_length(%2$s))
      OR (SELECT count(*) FROM json_each(%1$s))
        > max(%5$d, (SELECT count(*) FROM json_each(%2$s))))\
    """
        .formatted(
            after,
            before,
            AttributeLimits.SURELY_FEW_BYTES,
            AttributeLimits.MAX_BYTES,
            AttributeLimits.MAX_COUNT);
  }

  /**
   * A parameter that is bound as bytes and used as text. The cast neither checks nor converts the
   * bytes.
   */
  private static String parameter(int number) {
    return "CAST(?%d AS TEXT)".formatted(number);
  }
}
