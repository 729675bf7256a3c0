package dev.waybill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Random;

/**
 * Makes a file of products. Some products occur several times, changed or unchanged. Only few rows
 * are rejected, so the first hundred rejections, which are published to watchers, spread over the
 * whole file.
 */
final class Catalogue {

  private Catalogue() {}

  /**
   * @param seed the same seed makes the same file, except for the prefix
   * @param prefix starts each sku, so that two files have no product in common
   */
  static byte[] of(long seed, int rows, String prefix) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("sku,name,price,currency,quantity,Farbe\n");
    for (int row = 1; row <= rows; row++) {
      int dice = random.nextInt(1000);
      int product = dice < 60 ? 1 + random.nextInt(row) : row;
      int version = dice < 30 ? row : product;
      String price = dice == 999 ? "12 Euro" : version % 997 + ".50";
      csv.append(prefix).append(product).append(",Chair ").append(version).append(',');
      csv.append(price).append(",EUR,").append(version % 2000).append(",red\n");
    }
    return csv.toString().getBytes(UTF_8);
  }
}
