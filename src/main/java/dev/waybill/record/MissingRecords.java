package dev.waybill.record;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import lombok.Locked;

/**
 * Stores, for a short time, the names of records that do not exist. During this time, these records
 * are not read again. Thread-safe.
 */
final class MissingRecords {

  static final Duration REMEMBERED = Duration.ofSeconds(10);
  static final int MOST = 10_000;

  private final LongSupplier nanos;

  /**
   * For each missing record, the time of the read that did not find the record, oldest first.
   * Guarded by @Locked.
   */
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
