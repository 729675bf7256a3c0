package dev.waybill.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Random;

/**
 * A made-up export of a shop, with everything that makes recovery difficult: products that occur
 * again, changed or unchanged, after few or many rows; rejected rows; records over several lines;
 * damage.
 */
final class ShopFile {

  private static final String HEADER =
      "sku,name,description,price,currency,quantity,category,brand,Farbe\n";

  private final Random random;
  private final String letters;
  private final StringBuilder csv = new StringBuilder(HEADER);

  private ShopFile(long seed, String letters) {
    this.random = new Random(seed);
    this.letters = letters;
  }

  /**
   * @param seed the same seed makes the same file
   * @param letters letters beyond ASCII that the charset contains
   */
  static byte[] of(long seed, int records, String letters, Charset charset) throws IOException {
    ShopFile file = new ShopFile(seed, letters);
    for (int i = 1; i <= records; i++) {
      file.record(i);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(file.csv.toString().getBytes(charset));
    return bytes.toByteArray();
  }

  private void record(int i) {
    int dice = random.nextInt(1000);
    if (dice < 40) {
      product(back(i, 50), random.nextInt(1000));
    } else if (dice < 80) {
      product(back(i, i), random.nextInt(1000));
    } else if (dice < 100) {
      int near = back(i, 20);
      product(near, near);
    } else if (dice < 110) {
      csv.append("S").append(i).append(",Chair,,12 Euro,EUR,-1,,,red\n");
    } else if (dice < 115) {
      csv.append("S").append(i).append(",too,few\n");
    } else if (dice < 118) {
      csv.append(",nameless,,1.00,EUR,1,,,\n");
    } else if (dice < 120) {
      csv.append("S").append(i).append(",\"Chair\" red,,1.00,EUR,1,,,\n");
    } else if (dice < 125) {
      csv.append("\n");
      product(i, i);
    } else {
      product(i, i);
    }
  }

  private int back(int i, int farthest) {
    return Math.max(1, i - 1 - random.nextInt(farthest));
  }

  /** The same product in the same version is the same record. */
  private void product(int number, int version) {
    char letter = letters.charAt(version % letters.length());
    csv.append('S').append(number).append(",Chair ").append(letter).append(' ').append(version);
    csv.append(version % 50 == 0 ? ",\"two\nlines, \"\"quoted\"\"\"" : ",plain").append(letter);
    if (version % 50 == 0) {
      csv.setLength(csv.length() - 1);
    }
    csv.append(',').append(version % 997).append('.').append(version % 10).append("0,EUR,");
    csv.append(version % 2000).append(",Seating,").append(letters, 0, 3).append(",red\n");
  }
}
