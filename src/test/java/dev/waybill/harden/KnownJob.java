package dev.waybill.harden;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A job of which is known what must come out.
 *
 * @param rejected the numbers of the rows that are rejected, rising
 * @param finalId the ID of the final event, once a watcher has seen it
 */
record KnownJob(String id, int rows, List<Integer> rejected, AtomicReference<String> finalId) {

  /** A file before it is a job. */
  record Upload(String csv, int rows, List<Integer> rejected) {

    /** A few thousand rows or hardly any, with few rejections or more than are told one by one. */
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
