package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.product.UndoCounts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the products of an undo by their results. */
@Repository
class UndoneProducts {

  /**
   * The approximate bytes of a product in a list, including its index entry. A sku has at most 64
   * characters.
   */
  private static final long BYTES_A_PRODUCT = 150;

  private final JdbcClient reads;
  private final ProductWriters writers;

  UndoneProducts(@Qualifier("reads") JdbcClient reads, ProductWriters writers) {
    this.reads = reads;
    this.writers = writers;
  }

  /** The result for a product, and its number in the table. */
  enum Result {
    KEPT(1),
    MISSING(2),
    WOULD_BE_REVERSED(3);

    private final int number;

    Result(int number) {
      this.number = number;
    }
  }

  /**
   * The approximate number of bytes that a part of an undo adds to the lists. Reversed products are
   * in a list only if the undo is a dry run.
   */
  static long bytes(UndoCounts counts, boolean dryRun) {
    return BYTES_A_PRODUCT * (counts.products() - (dryRun ? 0 : counts.reversed()));
  }

  /**
   * One product.
   *
   * @param by for a product that is kept, the transaction ID of the job that wrote it last; absent
   *     in JSON if that job was deleted
   * @param place the cursor: the position of the product in its list
   */
  record Item(
      String sku,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String by,
      @JsonIgnore String place) {}

  /** The products with one result after a sku, in the order of the skus. */
  List<Item> after(String jobId, Result result, String sku, int limit) {
    record Found(String sku, @Nullable Integer writer) {}
    List<Found> found =
        reads
            .sql(
                """
                SELECT sku, writer FROM undo_product
                WHERE job_id = ? AND sku > ? AND result = ? ORDER BY sku LIMIT ?
                """)
            .params(jobId, sku, result.number, limit)
            .query((row, _) -> new Found(row.getString(1), (Integer) row.getObject(2)))
            .list();
    Map<Integer, String> jobIds =
        writers.jobIds(
            found.stream().map(Found::writer).filter(Objects::nonNull).distinct().toList());
    return found.stream()
        .map(
            each ->
                new Item(
                    each.sku(),
                    each.writer() == null ? null : jobIds.get(each.writer()),
                    each.sku()))
        .toList();
  }

  /**
   * The products that an undo reversed after this position, in the order in which they were
   * reversed.
   */
  List<Item> reversedAfter(String jobId, Place place, int limit) {
    return reads
        .sql(
            """
            SELECT sku, chunk, id FROM product_change
            WHERE writer = (SELECT number FROM product_writer WHERE job_id = :job)
              AND chunk >= :chunk AND (chunk > :chunk OR id > :id)
            ORDER BY chunk, id LIMIT :limit
            """)
        .param("job", jobId)
        .param("chunk", place.chunk())
        .param("id", place.id())
        .param("limit", limit)
        .query(
            (row, _) ->
                new Item(
                    row.getString(1), null, new Place(row.getLong(2), row.getLong(3)).toString()))
        .list();
  }

  /** The position of a stored change. */
  record Place(long chunk, long id) {

    static final Place START = new Place(0, 0);

    @Override
    public String toString() {
      return chunk + "-" + id;
    }
  }
}
