package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the changes that jobs have made in products from the database, and deletes them. */
@Repository
public class StoredChanges {

  /**
   * The maximum length of a value, in characters. A longer value is cut and then ends in {@code …}.
   */
  static final int LONGEST_VALUE = 1000;

  /** The number of changes whose sizes are read in the first step. */
  private static final int FIRST_SIZES = 16;

  /**
   * SQL for the approximate size of a change in bytes: the size of its long texts plus a constant.
   */
  private static final String SIZE =
      Stream.of("name", "description", "category", "brand", "image_url", "attributes")
          .flatMap(column -> Stream.of("old_" + column, "new_" + column))
          .map("coalesce(octet_length(CAST(%s AS text)), 0)"::formatted)
          .collect(joining(" + ", "300 + ", ""));

  private static final String VALUES =
      "SELECT id, sku, changed%s FROM product_change WHERE id IN (:ids)"
          .formatted(ChangeColumns.names(ChangeColumns.ALL));

  /**
   * SQL for the changes that a reversal would make. The current values of a product are the old
   * values. The values that a job has replaced are the new values. If no old attributes are stored,
   * the job did not change the attributes.
   */
  private static final String REVERSALS =
      """
      SELECT kept.id, kept.sku, %s AS changed%s
      FROM product_change AS kept
      JOIN %s ON product.sku = kept.sku AND product.writer = kept.writer
      WHERE kept.id IN (:ids)
      """
          .formatted(
              ChangeColumns.changedBits(
                  ChangeColumns.ALL,
                  column ->
                      "(:touched & %d) <> 0 AND product.%s IS DISTINCT FROM %s"
                          .formatted(ChangeColumns.bit(column), column, replaced(column))),
              ChangeColumns.list(
                  ChangeColumns.ALL,
                  column ->
                      "product.%1$s AS old_%1$s, %2$s AS new_%1$s"
                          .formatted(column, replaced(column))),
              ReverseSql.TABLE);

  private static String replaced(String column) {
    return column.equals(ChangeColumns.ATTRIBUTES)
        ? "coalesce(kept.old_attributes, product.attributes)"
        : "kept.old_" + column;
  }

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final ReverseSql sql;
  private final String sums;
  private final String deletionSums;

  StoredChanges(JdbcClient writes, @Qualifier("reads") JdbcClient reads, ReverseSql sql) {
    this.writes = writes;
    this.reads = reads;
    this.sql = sql;
    this.sums =
        "SELECT count(*), coalesce(sum(%s), 0), %s, %s%s FROM product_change WHERE writer = ? AND chunk = ?"
            .formatted(
                sql.changeBytes(),
                counted(ChangeFilter.Price.FALLING.condition()),
                counted(ChangeFilter.Price.RISING.condition()),
                ChangeColumns.list(
                    ChangeColumns.ALL,
                    column -> counted("changed & %d <> 0".formatted(ChangeColumns.bit(column)))));
    this.deletionSums =
        "SELECT count(*), coalesce(sum(%s), 0) FROM product_change WHERE writer = ? AND chunk = ?"
            .formatted(sql.deletionBytes());
  }

  private static String counted(String condition) {
    return "coalesce(sum(CASE WHEN %s THEN 1 ELSE 0 END), 0)".formatted(condition);
  }

  /**
   * A change in a chunk.
   *
   * @param wanted whether the change matches the filter
   */
  public record Found(long id, String sku, boolean wanted) {}

  /** The sums of the changes of a chunk in the state that the caller's transaction sees. */
  public ChangeSums sums(Writing writing) {
    return writes
        .sql(sums)
        .params(writing.writer(), writing.chunk())
        .query(
            (row, _) -> {
              Map<String, Long> fields = new LinkedHashMap<>();
              for (int i = 0; i < ChangeColumns.ALL.size(); i++) {
                long count = row.getLong(5 + i);
                if (count > 0) {
                  fields.put(ChangeColumns.ALL.get(i), count);
                }
              }
              return new ChangeSums(
                  row.getLong(1), row.getLong(2), fields, row.getLong(3), row.getLong(4));
            })
        .single();
  }

  /**
   * Computes the same sums as {@link #sums} for a chunk whose changes are all deletions. This
   * computation is faster, because a deletion concerns no single field and has no new values.
   */
  public ChangeSums deletionSums(Writing writing) {
    return writes
        .sql(deletionSums)
        .params(writing.writer(), writing.chunk())
        .query((row, _) -> new ChangeSums(row.getLong(1), row.getLong(2), Map.of(), 0, 0))
        .single();
  }

  /**
   * Whether the changes of a chunk need more room than is allowed. If they do, some of these
   * changes are possibly missing.
   *
   * @param stored the sums of the changes that are stored
   */
  public boolean exceed(Writing writing, ChangeSums stored) {
    return stored.bytes() > writing.room() || sql.hasLeftOut(writes);
  }

  /** Deletes the changes of a chunk, in the caller's transaction. */
  public void delete(Writing writing) {
    writes
        .sql("DELETE FROM product_change WHERE writer = ? AND chunk = ?")
        .params(writing.writer(), writing.chunk())
        .update();
  }

  /**
   * The first chunk of a writer, from the given chunk on, that contains a change that matches the
   * filter.
   */
  public OptionalLong chunkFrom(int writer, long chunk, ChangeFilter filter) {
    return reads
        .sql(
            """
            SELECT chunk FROM product_change WHERE writer = ? AND chunk >= ? AND %s
            ORDER BY chunk LIMIT 1
            """
                .formatted(filter.condition()))
        .params(writer, chunk)
        .query(Long.class)
        .optional()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** The changes of a chunk. Changes of the same sku are in the order in which they were made. */
  public List<Found> inChunk(int writer, long chunk, ChangeFilter filter) {
    return reads
        .sql(
            """
            SELECT id, sku, CASE WHEN %s THEN 1 ELSE 0 END FROM product_change
            WHERE writer = ? AND chunk = ? ORDER BY id
            """
                .formatted(filter.condition()))
        .params(writer, chunk)
        .query((row, _) -> new Found(row.getLong(1), row.getString(2), row.getInt(3) == 1))
        .list();
  }

  /**
   * Reads changes by their IDs, with the wanted fields, until the changes exceed a number of bytes.
   * Reads at least the first change. A change that was deleted in the meantime is left out.
   */
  public List<ProductChange> read(List<Long> ids, ChangeFilter filter, long bytes) {
    List<Long> fitting = fitting(ids, bytes);
    Map<Long, ProductChange> found = new LinkedHashMap<>();
    reads
        .sql(VALUES)
        .param("ids", fitting)
        .query(
            row -> {
              ProductChange change = change(row, filter);
              found.put(change.id(), change);
            });
    return fitting.stream().map(found::get).filter(Objects::nonNull).toList();
  }

  /**
   * The IDs, from the start of the list, whose changes fit into the limit. Reads the sizes in
   * growing steps, because a few large changes may already fill the answer, and then the sizes of
   * the other changes are not needed.
   */
  private List<Long> fitting(List<Long> ids, long bytes) {
    int fitting = 0;
    long size = 0;
    for (int step = FIRST_SIZES; fitting < ids.size() && size < bytes; step *= 2) {
      List<Long> next = ids.subList(fitting, Math.min(fitting + step, ids.size()));
      Map<Long, Long> sizes = new HashMap<>();
      reads
          .sql("SELECT id, %s FROM product_change WHERE id IN (:ids)".formatted(SIZE))
          .param("ids", next)
          .query(
              row -> {
                sizes.put(row.getLong(1), row.getLong(2));
              });
      for (int i = 0; i < next.size() && size < bytes; i++) {
        size += sizes.getOrDefault(next.get(i), 0L);
        fitting++;
      }
    }
    return ids.subList(0, fitting);
  }

  /**
   * The changes that a reversal of updates would make in the products now, by the IDs of the stored
   * updates. Each change goes from the current value to the value before the update. Reads updates
   * until they exceed a number of bytes, but at least the first update. If another job has written
   * a product after the update, the list of this update is empty.
   *
   * @param touched the columns that the job of the updates may have changed, one bit for each
   *     column
   */
  public Map<Long, List<FieldChange>> reversals(List<Long> ids, int touched, long bytes) {
    return byId(REVERSALS, ids, touched, bytes);
  }

  /**
   * The changes that updates have made, by the IDs of the updates. Reads updates until they exceed
   * a number of bytes, but at least the first update. If an update was deleted in the meantime, the
   * list of this update is empty.
   */
  public Map<Long, List<FieldChange>> changes(List<Long> ids, long bytes) {
    return byId(VALUES, ids, 0, bytes);
  }

  private Map<Long, List<FieldChange>> byId(String query, List<Long> ids, int touched, long bytes) {
    Map<Long, List<FieldChange>> found = new LinkedHashMap<>();
    List<Long> fitting = fitting(ids, bytes);
    if (!fitting.isEmpty()) {
      fitting.forEach(id -> found.put(id, List.of()));
      reads
          .sql(query)
          .param("ids", fitting)
          .param("touched", touched)
          .query(
              row -> {
                found.put(row.getLong("id"), change(row, ChangeFilter.ALL).changes());
              });
    }
    return found;
  }

  private static ProductChange change(ResultSet row, ChangeFilter filter) throws SQLException {
    List<FieldChange> changes = new ArrayList<>();
    for (String column : ChangeColumns.of(row.getInt("changed"))) {
      if (!filter.wants(column)) {
        continue;
      }
      if (column.equals(ChangeColumns.ATTRIBUTES)) {
        addAttributes(row, changes);
      } else {
        changes.add(
            new FieldChange(
                column, null, value(row, "old_" + column), value(row, "new_" + column)));
      }
    }
    return new ProductChange(row.getLong("id"), row.getString("sku"), changes);
  }

  private static @Nullable Object value(ResultSet row, String column) throws SQLException {
    if (column.endsWith("_price")) {
      return Product.plain(row.getBigDecimal(column));
    }
    if (column.endsWith("_quantity")) {
      return row.getObject(column);
    }
    String text = row.getString(column);
    return text == null ? null : cut(text);
  }

  private static void addAttributes(ResultSet row, List<FieldChange> changes) throws SQLException {
    Map<String, String> before = ProductColumns.attributes(row.getString("old_attributes"));
    Map<String, String> after = ProductColumns.attributes(row.getString("new_attributes"));
    for (String name :
        new TreeSet<>(Stream.concat(before.keySet().stream(), after.keySet().stream()).toList())) {
      String old = before.get(name);
      String now = after.get(name);
      if (!Objects.equals(old, now)) {
        changes.add(
            new FieldChange(
                ChangeColumns.ATTRIBUTES,
                cut(name),
                old == null ? null : cut(old),
                now == null ? null : cut(now)));
      }
    }
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_VALUE
        ? text
        : RowError.cut(text, LONGEST_VALUE - 1);
  }
}
