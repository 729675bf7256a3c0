package dev.waybill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Random;

/**
 * A file of products: new ones, some that come again changed or as they were, and so few rejected
 * that the first hundred, which watchers are told, reach over all of the file.
 */
final class Catalogue {

  private Catalogue() {}

  /**
   * @param seed the same seed, the same file but for the prefix
   * @param prefix begins each sku, so that two files touch no common product
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
