package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The results of the rows of all committed chunks. Always {@code rows = created + updated +
 * unchanged + rejected + merged + skipped}.
 *
 * @param merged the number of rows that were added to the product of an earlier row
 * @param skipped the number of rows that were left out on purpose, with a notice
 */
@JsonPropertyOrder({
  "rows",
  "created",
  "updated",
  "unchanged",
  "rejected",
  "products",
  "merged",
  "skipped"
})
public record Counts(
    long rows,
    long created,
    long updated,
    long unchanged,
    long rejected,
    long merged,
    long skipped) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

  /** The number of rows that were accepted as a product: created, updated or unchanged. */
  @JsonProperty("products")
  public long accepted() {
    return created + updated + unchanged;
  }

  /** The sum of these counts and other counts. */
  Counts plus(Counts others) {
    return new Counts(
        rows + others.rows,
        created + others.created,
        updated + others.updated,
        unchanged + others.unchanged,
        rejected + others.rejected,
        merged + others.merged,
        skipped + others.skipped);
  }

  /**
   * The counts of a pass that only checks the rows. The accepted rows count as skipped, because
   * this pass writes no product.
   */
  Counts withoutProducts() {
    return new Counts(rows, 0, 0, 0, rejected, merged, skipped + accepted());
  }

  /**
   * The difference that must be added to the counts of a job, so that these accepted rows count as
   * skipped rows.
   */
  Counts asSkipped() {
    return new Counts(0, -created, -updated, -unchanged, 0, 0, accepted());
  }

  /** The counts as text for use in a sentence. */
  String inWords() {
    return "%d created, %d updated, %d unchanged, %d rejected"
        .formatted(created, updated, unchanged, rejected);
  }

  boolean addUp() {
    return rows == accepted() + rejected + merged + skipped;
  }
}
