package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chunk of partial rows in which skus are repeated. Each row of a sku is combined in
 * memory with the earlier rows of this sku. So one statement finds the outcomes of all rows, and
 * one statement writes the last state of each product. If the rows were written one after the
 * other, each row would need several round trips. Each write of a product in a transaction would
 * also make the next write of this product slower, because PostgreSQL must skip all earlier
 * versions of the product.
 */
final class PostgresPartialSteps {

  /**
   * The size, in bytes, at which the combined rows are written. This size includes the combined
   * rows and the stored values with which they are merged. The limit keeps each statement short,
   * even if many short rows change a large product.
   */
  private static final int MOST_BYTES = 8 << 20;

  private final Connection connection;
  private final PostgresPartialRows partial;
  private final Writing writing;
  private final List<String> touched;
  private final FoldPartialRows fold;
  private long room;

  /**
   * The products that this transaction has locked or created, each with the maximum size of its
   * large values in bytes. No other transaction can change or delete these products.
   */
  private final Map<String, Long> stored = new HashMap<>();

  /** The combined row of each sku for the rows after the last write. */
  private final Map<String, ProductRow> folded = new HashMap<>();

  private final List<ProductRow> steps = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private long bytes;

  PostgresPartialSteps(
      Connection connection, PostgresPartialRows partial, HeaderMapping mapping, Writing writing) {
    this.connection = connection;
    this.partial = partial;
    this.writing = writing;
    this.touched = ChangeColumns.touched(mapping);
    this.fold = new FoldPartialRows(mapping);
    this.room = writing.room();
  }

  /**
   * Writes the rows.
   *
   * @return null if a row would make attributes too large. Such a row changes nothing, so later
   *     rows must not be combined with it. The caller must roll back and write the rows in another
   *     way.
   */
  Outcome @Nullable [] upsert(ProductRows rows) throws SQLException {
    lock(rows);
    Outcome[] outcomes = new Outcome[rows.size()];
    for (int place = 0; place < outcomes.length; place++) {
      ProductRow row = rows.get(place);
      String sku = row.sku();
      ProductRow before = folded.get(sku);
      if (before == null && !stored.containsKey(sku) && !fold.hasName(row)) {
        outcomes[place] = Outcome.NAME_MISSING;
        continue;
      }
      ProductRow after = before == null ? row : fold.fold(before, row);
      outcomes[place] = Outcome.UNCHANGED;
      if (after != before) {
        folded.put(sku, after);
        steps.add(after);
        places.add(place);
      }
      // Counts also a row that changes nothing, because combining this row takes as long as
      // combining another row.
      bytes += size(after) + stored.getOrDefault(sku, 0L);
      if (bytes >= MOST_BYTES && !write(outcomes)) {
        return null;
      }
    }
    return steps.isEmpty() || write(outcomes) ? outcomes : null;
  }

  private void lock(ProductRows rows) throws SQLException {
    Object[] skus = rows.stream().map(ProductRow::sku).distinct().toArray();
    String sql =
        "SELECT sku, %s FROM %s WHERE sku = ANY (?) ORDER BY sku FOR UPDATE"
            .formatted(PostgresKeepChanges.storedBytes(touched), PostgresProductSql.TABLE);
    try (PreparedStatement lock = connection.prepareStatement(sql)) {
      lock.setArray(1, connection.createArrayOf("text", skus));
      try (ResultSet locked = lock.executeQuery()) {
        while (locked.next()) {
          stored.put(locked.getString(1), locked.getLong(2));
        }
      }
    }
  }

  private static long size(ProductRow row) {
    return (long) row.to() - row.from();
  }

  /**
   * Writes the combined rows. Returns false if one of these rows would make attributes too large.
   */
  private boolean write(Outcome[] outcomes) throws SQLException {
    partial.copy(steps);
    Outcome[] ofSteps = new Outcome[steps.size()];
    Arrays.fill(ofSteps, Outcome.UNCHANGED);
    long[] sizes = new long[ofSteps.length];
    try (Statement statement = connection.createStatement();
        ResultSet different = statement.executeQuery(outcomesSql())) {
      while (different.next()) {
        if (different.getBoolean(3)) {
          return false;
        }
        int step = different.getInt(1);
        ofSteps[step] = different.getBoolean(2) ? Outcome.CREATED : Outcome.UPDATED;
        sizes[step] = different.getLong(4);
      }
    }
    requireNoneCreatedMeanwhile(ofSteps);
    keep(ofSteps, sizes);
    upsertLasts(ofSteps);
    for (int step = 0; step < ofSteps.length; step++) {
      outcomes[places.get(step)] = ofSteps[step];
    }
    folded.forEach((sku, row) -> stored.merge(sku, size(row), Long::sum));
    folded.clear();
    steps.clear();
    places.clear();
    bytes = 0;
    return true;
  }

  /**
   * Throws an exception if another transaction has created a product after {@link #lock}. This
   * transaction has not locked such a product.
   */
  private void requireNoneCreatedMeanwhile(Outcome[] ofSteps) {
    Set<String> existing = new HashSet<>(stored.keySet());
    for (int step = 0; step < ofSteps.length; step++) {
      if (ofSteps[step] == Outcome.CREATED) {
        existing.add(steps.get(step).sku());
      }
    }
    if (!existing.containsAll(folded.keySet())) {
      throw PostgresPartialRows.createdMeanwhile();
    }
  }

  /**
   * Stores the changes, because the trigger on the table of products would only see the last
   * states.
   */
  private void keep(Outcome[] ofSteps, long[] sizes) throws SQLException {
    if (room < 0) {
      return;
    }
    Integer[] fitting = PostgresKeepChanges.fitting(connection, ofSteps, sizes, room);
    try (PreparedStatement keep = connection.prepareStatement(keepSql())) {
      keep.setArray(1, connection.createArrayOf("integer", fitting));
      keep.executeUpdate();
    }
    for (int step = 0; step < ofSteps.length; step++) {
      room -= ofSteps[step] == Outcome.UPDATED ? sizes[step] : 0;
    }
  }

  /**
   * Writes the last state of each product that a row has created or updated. This job becomes the
   * last writer of a product even if the product has its original values again.
   */
  private void upsertLasts(Outcome[] ofSteps) throws SQLException {
    Map<String, Integer> lasts = new HashMap<>();
    Set<String> changed = new HashSet<>();
    for (int step = 0; step < ofSteps.length; step++) {
      String sku = steps.get(step).sku();
      lasts.put(sku, step);
      if (ofSteps[step] != Outcome.UNCHANGED) {
        changed.add(sku);
      }
    }
    lasts.keySet().retainAll(changed);
    try (PreparedStatement upsert =
        connection.prepareStatement(partial.upsertSql("number = ANY (?)"))) {
      upsert.setArray(1, connection.createArrayOf("integer", lasts.values().toArray()));
      try (ResultSet written = upsert.executeQuery()) {
        while (written.next()) {
          if (!written.getBoolean(2) && !stored.containsKey(written.getString(1))) {
            throw PostgresPartialRows.createdMeanwhile();
          }
        }
      }
    }
  }

  private String outcomesSql() {
    return "SELECT number, is_new, NOT is_new AND %s, %s\nFROM (%s) AS step WHERE is_new OR %s"
        .formatted(
            touched.contains(ChangeColumns.ATTRIBUTES)
                ? "("
                    + PostgresPartialRows.isTooLarge("before_attributes", "after_attributes")
                    + ")"
                : "false",
            changeBytes(),
            stepsSql(),
            isChanged());
  }

  /** SQL that estimates the size of a change. The estimate is often too large. */
  private String changeBytes() {
    return PostgresKeepChanges.SMALL_BYTES
        + ChangeColumns.large(touched)
            .map(
                column ->
                    column.equals(ChangeColumns.ATTRIBUTES)
                        ? length("before_" + column) + length("after_" + column)
                        : length("before_" + column))
            .collect(joining());
  }

  private static String length(String value) {
    return " + coalesce(octet_length(%s::text), 0)".formatted(value);
  }

  /**
   * SQL that stores the changes. The parameter of this SQL is the array of the numbers of the rows.
   */
  private String keepSql() {
    return """
    INSERT INTO product_change (writer, chunk, kind, sku, prior, changed%s)
    SELECT %d, %d, 1, sku, CASE WHEN is_changed_before THEN writer ELSE stored_writer END, %s%s%s
    FROM (
      SELECT *, coalesce(bool_or(is_new OR %s) OVER (
        PARTITION BY sku ORDER BY number
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false) AS is_changed_before
      FROM (%s) AS step) AS step
    WHERE number = ANY (?) ORDER BY number
    """
        .formatted(
            ChangeColumns.names(touched),
            writing.writer(),
            writing.chunk(),
            ChangeColumns.changedBits(touched, PostgresPartialSteps::differs),
            ChangeColumns.list(touched, column -> "before_" + column),
            ChangeColumns.list(
                touched,
                column ->
                    "CASE WHEN %s THEN %s END"
                        .formatted(differs(column), ChangeColumns.cut(column, "after_" + column))),
            isChanged(),
            stepsSql());
  }

  /**
   * SQL for each combined row: the values of the product before and after the row. Before the first
   * row of a sku, the values are the stored values.
   */
  private String stepsSql() {
    return """
    SELECT incoming.number, incoming.sku, incoming.writer, stored.writer AS stored_writer,
      stored.sku IS NULL AND row_number() OVER steps = 1 AS is_new%s%s
    %sWINDOW steps AS (PARTITION BY incoming.sku ORDER BY incoming.number)
    """
        .formatted(
            ChangeColumns.list(
                touched,
                column ->
                    "lag(%s, 1, stored.%2$s) OVER steps AS before_%2$s"
                        .formatted(partial.merged(column), column)),
            ChangeColumns.list(
                touched, column -> "%s AS after_%s".formatted(partial.merged(column), column)),
            PostgresPartialRows.INCOMING_BESIDE_STORED);
  }

  private String isChanged() {
    return touched.isEmpty()
        ? "false"
        : touched.stream().map(PostgresPartialSteps::differs).collect(joining(" OR ", "(", ")"));
  }

  private static String differs(String column) {
    return "before_%1$s IS DISTINCT FROM after_%1$s".formatted(column);
  }
}
