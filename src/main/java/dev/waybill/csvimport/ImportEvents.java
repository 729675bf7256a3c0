package dev.waybill.csvimport;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventType;
import dev.waybill.job.ChunkWork;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes the events that only imports publish. */
final class ImportEvents {

  /**
   * The maximum number of rejected rows of a job that are published one by one. Later rejected rows
   * are only counted.
   */
  static final int PUBLISHED_REJECTIONS = 100;

  /**
   * The type of the events with the newest accepted products. Clients may miss some of these
   * events, because the events are only a sample.
   */
  private static final EventType ROWS = EventType.of("rows", Delivery.SAMPLE);

  /** The type of the events with rejected rows. A client must get each of these events. */
  private static final EventType REJECTED = EventType.of("rejected", Delivery.EACH);

  /**
   * The maximum number of errors of one row in a {@code rejected} event. Without this limit, a row
   * with 1,000 invalid cells would make an event of some hundred KB.
   */
  private static final int MOST_ERRORS = 20;

  /**
   * The maximum number of characters of errors in a {@code rejected} event. With this limit, the
   * event has at most 64 KB of UTF-8, far below the size of an outbox.
   */
  private static final int REJECTED_EVENT_SIZE = 16_000;

  private ImportEvents() {}

  /**
   * @param rejections the stored rejections of one chunk
   * @param before the number of rows that the job rejected before this chunk
   */
  static List<ChunkWork.Notable> rejected(List<Rejection> rejections, long before) {
    long room = Math.clamp(PUBLISHED_REJECTIONS - before, 0, rejections.size());
    List<String> items =
        rejections.stream()
            .limit(room)
            .map(rejection -> rejection.published(MOST_ERRORS, REJECTED_EVENT_SIZE))
            .toList();
    List<ChunkWork.Notable> events = new ArrayList<>();
    int from = 0;
    while (from < items.size()) {
      int to = from;
      int size = 0;
      do {
        size += items.get(to++).length();
      } while (to < items.size() && size + items.get(to).length() <= REJECTED_EVENT_SIZE);
      events.add(new ChunkWork.Notable(REJECTED, array("rejections", items.subList(from, to))));
      from = to;
    }
    return events;
  }

  /**
   * @param newest reads the newest accepted products as JSON objects
   */
  static ChunkWork.Sample rows(Supplier<List<String>> newest) {
    return new ChunkWork.Sample(
        ROWS,
        () -> {
          List<String> products = newest.get();
          return products.isEmpty() ? null : array("products", products);
        });
  }

  private static String array(String name, List<String> items) {
    return "{\"" + name + "\":[" + String.join(",", items) + "]}";
  }
}
