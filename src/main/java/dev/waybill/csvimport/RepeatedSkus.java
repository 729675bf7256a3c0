package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Notices;
import dev.waybill.platform.HeapBudget;
import dev.waybill.product.ProductRows;
import dev.waybill.product.SkuContents;

/**
 * Finds rows that give a product another name, price or quantity than an earlier row of the same
 * file. In a dry run, also finds all other rows that have the sku of an earlier row. Only one
 * thread may use an instance.
 */
final class RepeatedSkus {

  /** The share of the heap for the skus of all files that are imported at the same time. */
  private static final double HEAP_SHARE = 0.05;

  private final int most;
  private final boolean dryRun;
  private final SkuContents contents;
  private boolean missesSome;

  /**
   * @param threads the number of imports that run at the same time
   */
  RepeatedSkus(int threads, boolean dryRun) {
    this.dryRun = dryRun;
    most =
        HeapBudget.ofThisProcess()
            .count(HEAP_SHARE / threads, SkuContents.BYTES_EACH, SkuContents.MOST);
    contents = new SkuContents(most, dryRun);
  }

  /**
   * Examines the next rows of the file.
   *
   * @param rowNumbers the row numbers, parallel to {@code rows}
   */
  void examine(ProductRows rows, long[] rowNumbers, Notices notices) {
    for (SkuContents.Repeat repeat : contents.repeats(rows)) {
      long row = rowNumbers[repeat.index()];
      switch (repeat.difference()) {
        case NAME ->
            notices.add(
                "sku-repeated",
                null,
                row,
                "Rows have the sku of an earlier row, but another name. The last row counts.");
        case NUMBER ->
            notices.add(
                "values-repeated",
                null,
                row,
                "Rows have the sku of an earlier row, but another price or quantity. The last row"
                    + " counts; quantities are not added up.");
        case NONE -> {}
      }
      if (dryRun) {
        notices.add(
            "dry-run-repeats",
            null,
            row,
            "Rows have the sku of an earlier row. The dry run compares each row with the"
                + " stored product only. An import may count these rows in another way.");
      }
    }
    if (contents.missesSome() && !missesSome) {
      missesSome = true;
      notices.add(
          Notice.of(
              "skus-not-compared",
              "The file has more than %d different skus. Only these are compared, so a sku that comes again with other values may have no notice."
                  .formatted(most)));
    }
  }
}
