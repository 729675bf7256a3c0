package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Notices;
import dev.waybill.platform.HeapBudget;
import dev.waybill.product.ProductRows;
import dev.waybill.product.SkuContents;

/**
 * Finds rows that give a product another name, price or quantity than an earlier row of the same
 * file. Only one thread may use an instance.
 */
final class RepeatedSkus {

  /** The share of the heap for the skus of all files that are imported at the same time. */
  private static final double HEAP_SHARE = 0.05;

  private final int most;
  private final SkuContents contents;
  private boolean missesSome;

  /**
   * @param threads the number of imports that run at the same time
   */
  RepeatedSkus(int threads) {
    most =
        HeapBudget.ofThisProcess()
            .count(HEAP_SHARE / threads, SkuContents.BYTES_EACH, SkuContents.MOST);
    contents = new SkuContents(most);
  }

  /**
   * Examines the next rows of the file.
   *
   * @param rowNumbers their row numbers, parallel to {@code rows}
   */
  void examine(ProductRows rows, long[] rowNumbers, Notices notices) {
    for (SkuContents.Repeat repeat : contents.repeats(rows)) {
      long row = rowNumbers[repeat.index()];
      if (repeat.hasOtherName()) {
        notices.add(
            "sku-repeated",
            null,
            row,
            "Rows have the sku of an earlier row, but another name. The last row counts.");
      } else {
        notices.add(
            "values-repeated",
            null,
            row,
            "Rows have the sku of an earlier row, but another price or quantity. The last row"
                + " counts; quantities are not added up.");
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
