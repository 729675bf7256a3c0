package dev.waybill.csvimport;

import dev.waybill.csv.Notices;
import dev.waybill.product.ProductRows;

/** Finds rows that give a product another name than an earlier row of the same chunk did. */
final class RepeatedSkus {

  private final ProductRows rows;
  private final long[] rowNumbers;

  RepeatedSkus(ProductRows rows, long[] rowNumbers) {
    this.rows = rows;
    this.rowNumbers = rowNumbers;
  }

  void noteIn(Notices notices) {
    for (int place : rows.renamed()) {
      notices.add(
          "sku-repeated",
          null,
          rowNumbers[place],
          "Rows have the sku of an earlier row, but another name. The last row counts.");
    }
  }
}
