package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Undoes the writes of one chunk of a job, in the caller's transaction. A product is reversed only
 * if the job is still the last writer of the product. Each statement that writes a product checks
 * this condition itself. The chunks are undone from the last chunk to the first chunk. If the job,
 * then another job, and then the first job again have written a product, the product gets back the
 * values that the other job had stored.
 */
@Component
@RequiredArgsConstructor
public class ReverseProducts {

  /**
   * SQL for the skus that this undo, or an earlier undo of the same job, has reversed. An undo that
   * was itself undone does not count, because its products have the values of the job again.
   */
  private static final String REVERSED =
      "SELECT sku FROM product_change WHERE writer IN (:standing)";

  private final JdbcTemplate writes;
  private final ReverseSql sql;

  /** Reverses the products of one chunk. Also stores which products could not be reversed. */
  public UndoCounts reverse(UndoPart part) {
    NamedParameterJdbcTemplate jdbc = new NamedParameterJdbcTemplate(writes);
    Map<String, Object> values = values(part);
    sql.prepare(writes, part);
    long entries = count(jdbc, part, values);
    long reversed = 0;
    if (part.touched() != 0) {
      reversed +=
          sql.whileKeeping(writes, part, () -> jdbc.update(restore(part, ":writer"), values));
    }
    long deleted = sql.delete(jdbc, entriesToDelete(), values);
    long recreated = sql.putBack(jdbc, values);
    reversed += deleted + recreated;
    UndoCounts done = new UndoCounts(reversed, deleted, recreated, 0, 0);
    return reversed == entries ? done : done.plus(left(jdbc, part, values));
  }

  /**
   * Restores the products that a running job wrote in one chunk, and stores no changes. Each
   * product also gets its previous writer back. So the product looks as if the job had never
   * written it.
   */
  public void withdraw(UndoPart part) {
    NamedParameterJdbcTemplate jdbc = new NamedParameterJdbcTemplate(writes);
    Map<String, Object> values = values(part);
    sql.prepare(writes, part);
    if (part.touched() != 0) {
      jdbc.update(restore(part, "kept.prior"), values);
    }
    jdbc.update(
        "DELETE FROM %s WHERE sku IN (%s) AND writer = :target"
            .formatted(ReverseSql.TABLE, entriesToDelete()),
        values);
  }

  /**
   * Stores the result that {@link #reverse} would have for each product, but changes no product.
   */
  public UndoCounts foresee(UndoPart part) {
    NamedParameterJdbcTemplate jdbc = new NamedParameterJdbcTemplate(writes);
    String result =
        """
        CASE WHEN entry.kind = 2 THEN CASE WHEN product.sku IS NULL THEN 5 ELSE 1 END
          WHEN product.sku IS NULL THEN 2 WHEN product.writer <> :target THEN 1
          WHEN product.writer IS NULL THEN 1 WHEN entry.kind = 3 THEN 4 ELSE 3 END
        """;
    // Leaves out products that an earlier undo has reversed, because they are not reversed again.
    String condition =
        """
        (%s) AND (entry.kind = 2 AND product.sku IS NULL OR product.writer = :target
          OR entry.sku NOT IN (%s))
        """
            .formatted(notOurs(), REVERSED);
    return store(jdbc, result, condition, values(part));
  }

  private Map<String, Object> values(UndoPart part) {
    int writer = part.writing().writer();
    return Map.of(
        "undo",
        part.undo(),
        "writer",
        writer,
        "part",
        part.writing().chunk(),
        "target",
        part.target(),
        "chunk",
        part.chunk(),
        "ours",
        with(writer, part.earlier()),
        "standing",
        with(writer, part.standing()),
        "created",
        sql.skus(part.created()));
  }

  private static List<Integer> with(int writer, List<Integer> others) {
    return Stream.concat(Stream.of(writer), others.stream()).toList();
  }

  /**
   * SQL for the products that the undone job has written in the chunk. Each product occurs one
   * time, with the kind of its change, and with the ID of the change if the change is stored.
   */
  private String entries() {
    return """
    SELECT sku, kind, id FROM product_change WHERE writer = :target AND chunk = :chunk
      AND (kind <> 1 OR prior IS NULL OR prior <> :target)
    UNION ALL SELECT sku, 3, NULL FROM (%s) AS created
    """
        .formatted(sql.createdSkus());
  }

  /** SQL for the skus of the products that the undone job has created in the chunk. */
  private String entriesToDelete() {
    return """
    SELECT sku FROM product_change WHERE writer = :target AND chunk = :chunk AND kind = 3
    UNION ALL SELECT sku FROM (%s) AS created
    """
        .formatted(sql.createdSkus());
  }

  private static long count(
      NamedParameterJdbcTemplate jdbc, UndoPart part, Map<String, Object> values) {
    Long stored =
        jdbc.queryForObject(
            """
            SELECT count(*) FROM product_change WHERE writer = :target AND chunk = :chunk
              AND (kind <> 1 OR prior IS NULL OR prior <> :target)
            """,
            values,
            Long.class);
    return part.created().size() + (stored == null ? 0 : stored);
  }

  /**
   * SQL that restores the old values. If no old attributes are stored, because the job did not
   * change the attributes, the current attributes stay.
   *
   * @param writer SQL for the new writer of the products
   */
  private static String restore(UndoPart part, String writer) {
    String assigned =
        ChangeColumns.of(part.touched()).stream()
            .map(
                column ->
                    column.equals(ChangeColumns.ATTRIBUTES)
                        ? "attributes = coalesce(kept.old_attributes, product.attributes)"
                        : "%1$s = kept.old_%1$s".formatted(column))
            .collect(joining(", "));
    return """
    UPDATE %s SET %s, writer = %s FROM product_change AS kept
    WHERE kept.writer = :target AND kept.chunk = :chunk AND kept.kind = 1
      AND (kept.prior IS NULL OR kept.prior <> :target)
      AND product.sku = kept.sku AND product.writer = :target
    """
        .formatted(ReverseSql.TABLE, assigned, writer);
  }

  /**
   * SQL for the condition that the product's last writer is neither this undo nor an earlier undo
   * of the same job. If one of these undos wrote the product last, the product is already reversed.
   */
  private static String notOurs() {
    return "product.writer IS NULL OR product.writer NOT IN (:ours)";
  }

  private UndoCounts left(
      NamedParameterJdbcTemplate jdbc, UndoPart part, Map<String, Object> values) {
    // Leaves out products that this undo itself has deleted. Also leaves out products that this
    // undo had reversed before another job wrote them.
    String condition =
        """
        (%s) AND NOT (entry.kind = 2 AND product.sku IS NULL)
        AND entry.sku NOT IN
          (SELECT sku FROM product_change WHERE writer = :writer AND chunk = :part)
        AND (%s OR entry.sku NOT IN (%s))
        """
            .formatted(notOurs(), part.mayRepeat() ? "1 = 0" : "product.sku IS NOT NULL", REVERSED);
    return store(jdbc, "CASE WHEN product.sku IS NULL THEN 2 ELSE 1 END", condition, values);
  }

  private UndoCounts store(
      NamedParameterJdbcTemplate jdbc,
      String result,
      String condition,
      Map<String, Object> values) {
    List<Integer> stored =
        jdbc.queryForList(
            """
            INSERT INTO undo_product (job_id, sku, result, writer, change_id)
            SELECT :undo, entry.sku, %s, product.writer, entry.id
            FROM (%s) AS entry LEFT JOIN %s ON product.sku = entry.sku
            WHERE %s
            ON CONFLICT (job_id, sku) DO NOTHING RETURNING result
            """
                .formatted(result, entries(), ReverseSql.TABLE, condition),
            values,
            Integer.class);
    long deleted = times(stored, 4);
    long recreated = times(stored, 5);
    return new UndoCounts(
        times(stored, 3) + deleted + recreated,
        deleted,
        recreated,
        times(stored, 1),
        times(stored, 2));
  }

  private static long times(List<Integer> results, int result) {
    return results.stream().filter(each -> each == result).count();
  }
}
