package dev.waybill.browser;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * A file whose import takes some seconds in small chunks. Every 400th row has two mistakes, and the
 * row 200 rows later has one. So there are more rejections than the live events contain.
 *
 * @param prefix of the skus, so that two files have no sku in common
 */
record LongFile(String prefix, int rows) {

  private static final String HEADER = "sku,name,price,currency,quantity,Colour";

  static final String BAD_PRICE = ",Mug,cheap,EUR,some,red";
  static final String NO_SKU = ",Mug,1.50,EUR,1,red";

  Path writeTo(Path file) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write(HEADER + "\n");
      for (int row = 1; row <= rows; row++) {
        writer.write(record(row) + "\n");
      }
    }
    return file;
  }

  String record(int row) {
    return switch (row % 400) {
      case 7 -> sku(row) + BAD_PRICE;
      case 207 -> NO_SKU;
      default -> "%s,Enamel mug %d,%d.90,EUR,%d,red".formatted(sku(row), row, row % 90, row % 500);
    };
  }

  int[] rejectedRows() {
    return IntStream.rangeClosed(1, rows).filter(row -> row % 200 == 7).toArray();
  }

  private String sku(int row) {
    return "%s-%06d".formatted(prefix, row);
  }
}
