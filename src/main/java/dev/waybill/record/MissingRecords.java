package dev.waybill.record;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import lombok.Locked;

/**
 * Remembers, for a short time, the records that were found not to exist, so that they are not read
 * again in this time. Thread-safe.
 */
final class MissingRecords {

  static final Duration REMEMBERED = Duration.ofSeconds(10);
  static final int MOST = 10_000;

  private final LongSupplier nanos;

  /** The time at which each record was found not to exist, oldest first. Guarded by @Locked. */
  private final Map<String, Long> missingSince = new LinkedHashMap<>();

  MissingRecords(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Locked
  void add(String streamId) {
    missingSince.remove(streamId);
    missingSince.put(streamId, nanos.getAsLong());
    if (missingSince.size() > MOST) {
      missingSince.remove(missingSince.keySet().iterator().next());
    }
  }

  @Locked
  boolean contains(String streamId) {
    Long since = missingSince.get(streamId);
    if (since != null && nanos.getAsLong() - since > REMEMBERED.toNanos()) {
      missingSince.remove(streamId);
      return false;
    }
    return since != null;
  }
}
