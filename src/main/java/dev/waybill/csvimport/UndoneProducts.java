package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.answer.AnswerMemory;
import dev.waybill.product.FieldChange;
import dev.waybill.product.StoredChanges;
import dev.waybill.product.UndoCounts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the products of an undo by their results. */
@Repository
class UndoneProducts {

  /**
   * The approximate number of bytes of a product in a list, including its index entry. A sku has at
   * most 64 characters.
   */
  private static final long BYTES_A_PRODUCT = 150;

  private static final String UPDATED = "updated";
  private static final String DELETED = "deleted";
  private static final String RECREATED = "recreated";

  private final JdbcClient reads;
  private final ProductWriters writers;
  private final StoredChanges changes;

  UndoneProducts(
      @Qualifier("reads") JdbcClient reads, ProductWriters writers, StoredChanges changes) {
    this.reads = reads;
    this.writers = writers;
    this.changes = changes;
  }

  /** The reasons why an undo leaves a product unchanged. Each reason has a number in the table. */
  enum Left {
    KEPT(1),
    MISSING(2);

    private final int number;

    Left(int number) {
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
   * @param result for a product that is reversed: {@code updated}, {@code deleted} or {@code
   *     recreated}
   * @param changes for a product that is updated: its values before and after the undo. In a dry
   *     run, the values are compared with the current values. The changes are empty if another job
   *     has written the product after the job that is undone
   * @param place the cursor: the position of the product in its list
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Item(
      String sku,
      @Nullable String by,
      @Nullable String result,
      @Nullable List<FieldChange> changes,
      @JsonIgnore String place) {}

  /** The products with one result after a sku, in the order of the skus. */
  List<Item> left(String jobId, Left result, String sku, int limit) {
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
                    null,
                    null,
                    each.sku()))
        .toList();
  }

  /**
   * A product that an undo has reversed, or would reverse in a dry run.
   *
   * @param changeId the ID of the stored update; null if there is no stored update
   */
  private record Reversed(String sku, String result, @Nullable Long changeId, String place) {

    boolean hasValues() {
      return changeId != null && result.equals(UPDATED);
    }
  }

  /**
   * The products that the undo would reverse, after a sku, in the order of the skus. Returns fewer
   * products if their values are large.
   */
  List<Item> foreseenAfter(String jobId, String sku, int limit) {
    List<Reversed> found =
        reads
            .sql(
                """
                SELECT sku, result, change_id FROM undo_product
                WHERE job_id = ? AND sku > ? AND result >= 3 ORDER BY sku LIMIT ?
                """)
            .params(jobId, sku, limit)
            .query(
                (row, _) ->
                    new Reversed(
                        row.getString(1),
                        switch (row.getInt(2)) {
                          case 4 -> DELETED;
                          case 5 -> RECREATED;
                          default -> UPDATED;
                        },
                        row.getObject(3) == null ? null : row.getLong(3),
                        row.getString(1)))
            .list();
    int touched = writers.find(jobId).map(ProductWriter::touched).orElse(0);
    return withValues(found, ids -> changes.reversals(ids, touched, AnswerMemory.PART_BYTES));
  }

  /**
   * The products that an undo reversed after this position, in the order in which they were
   * reversed. Returns fewer products if their values are large.
   */
  List<Item> reversedAfter(String jobId, Place place, int limit) {
    List<Reversed> found =
        reads
            .sql(
                """
                SELECT sku, chunk, id, kind FROM product_change
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
                    new Reversed(
                        row.getString(1),
                        switch (row.getInt(4)) {
                          case 2 -> DELETED;
                          case 3 -> RECREATED;
                          default -> UPDATED;
                        },
                        row.getLong(3),
                        new Place(row.getLong(2), row.getLong(3)).toString()))
            .list();
    return withValues(found, ids -> changes.changes(ids, AnswerMemory.PART_BYTES));
  }

  /**
   * Adds the values of the updated products.
   *
   * @param read reads values by the IDs of their changes. It may leave out the last values if the
   *     values are large. Then the products of these values are left out, too, and the next call
   *     returns these products
   */
  private static List<Item> withValues(
      List<Reversed> found, Function<List<Long>, Map<Long, List<FieldChange>>> read) {
    List<Long> ids = found.stream().filter(Reversed::hasValues).map(Reversed::changeId).toList();
    Map<Long, List<FieldChange>> values = read.apply(ids);
    return found.stream()
        .takeWhile(each -> !each.hasValues() || values.containsKey(each.changeId()))
        .map(
            each ->
                new Item(
                    each.sku(),
                    null,
                    each.result(),
                    each.hasValues() ? values.get(each.changeId()) : null,
                    each.place()))
        .toList();
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
