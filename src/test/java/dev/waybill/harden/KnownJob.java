package dev.waybill.harden;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A job whose result is known in advance.
 *
 * @param rejected the numbers of the rejected rows, in ascending order
 * @param finalId the ID of the final event, once a watcher has seen it
 */
record KnownJob(String id, int rows, List<Integer> rejected, AtomicReference<String> finalId) {

  /** A file that is not uploaded yet. */
  record Upload(String csv, int rows, List<Integer> rejected) {

    /** A few thousand rows or very few, with few rejections or more than are sent one by one. */
    static Upload random(Random random) {
      int rows = random.nextInt(8) == 0 ? random.nextInt(8) : 1_000 + random.nextInt(3_000);
      int rejectedPerMille = random.nextInt(4) == 0 ? 100 : 15;
      StringBuilder csv = new StringBuilder("sku,name,price\n");
      List<Integer> rejected = new ArrayList<>();
      for (int row = 1; row <= rows; row++) {
        boolean bad = random.nextInt(1000) < rejectedPerMille;
        if (bad) {
          rejected.add(row);
        }
        csv.append('A').append(random.nextInt(5_000)).append(",Chair \u00e9 ");
        csv.append(random.nextInt(3)).append(bad ? ",x\n" : ",1.50\n");
      }
      return new Upload(csv.toString(), rows, List.copyOf(rejected));
    }

    KnownJob as(String id) {
      return new KnownJob(id, rows, rejected, new AtomicReference<>());
    }
  }
}
