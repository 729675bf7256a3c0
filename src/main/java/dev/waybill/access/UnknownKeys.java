package dev.waybill.access;

import dev.waybill.platform.ScopedLock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits how often the database is asked for keys that this pod does not know. An unknown key can
 * be valid, because another pod may have just made it. But anyone can send invented keys.
 * Thread-safe.
 */
final class UnknownKeys {

  /**
   * The maximum number of queries in a second that one address may cause. {@code MOST} is the limit
   * for all addresses together.
   */
  static final int MOST_OF_AN_ADDRESS = 10;

  static final int MOST = 100;

  /**
   * The maximum number of keys that this class remembers because the database did not contain them
   * a short time ago.
   */
  static final int MOST_REMEMBERED = 1_000;

  private static final long REMEMBERED_NANOS = Duration.ofSeconds(2).toNanos();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final LongSupplier nanos;
  private final CountOnThisPod questions;

  private final ScopedLock lock = new ScopedLock();

  /**
   * The keys that the database did not contain, each with the time of the query; guarded by {@link
   * #lock}.
   */
  private final Map<String, Long> unknown =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  UnknownKeys(LongSupplier nanos) {
    this.nanos = nanos;
    this.questions = new CountOnThisPod(nanos);
  }

  /** Whether this pod may query the database for a key that a client at this address has sent. */
  boolean mayAsk(String key, Caller address) {
    try (var _ = lock.hold()) {
      Long since = unknown.get(key);
      if (since != null && nanos.getAsLong() - since < REMEMBERED_NANOS) {
        return false;
      }
    }
    return questions.tryAdd(List.of(address.id()), 1, MOST_OF_AN_ADDRESS, SECOND).granted()
        && questions.tryAdd(List.of("all"), 1, MOST, SECOND).granted();
  }

  /** Remembers that the database does not have a key. */
  void remember(String key) {
    try (var _ = lock.hold()) {
      unknown.remove(key);
      unknown.put(key, nanos.getAsLong());
    }
  }
}
