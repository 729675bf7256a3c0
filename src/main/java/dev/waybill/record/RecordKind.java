package dev.waybill.record;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One kind of record: its source, the interval between two reads, and the condition under which a
 * record is complete.
 */
record RecordKind(RecordSource source, Duration interval, Optional<DoneWhen> doneWhen) {

  /**
   * The duration of a lease, which is the longest time for which a pod may poll a record without
   * renewing the lease. The duration is the sum of three intervals and two full timeouts of a read.
   */
  Duration lease() {
    return RecordSource.TIMEOUT.multipliedBy(2).plus(interval.multipliedBy(3));
  }

  boolean isDone(JsonNode record) {
    return doneWhen.filter(when -> when.holds(record)).isPresent();
  }

  /**
   * The names of the fields whose values differ, in the order of the new record; removed fields
   * come last.
   */
  static List<String> changed(JsonNode before, JsonNode now) {
    Set<String> names = new LinkedHashSet<>(now.propertyNames());
    names.addAll(before.propertyNames());
    List<String> changed = new ArrayList<>();
    for (String name : names) {
      JsonNode old = before.get(name);
      if (old == null || !old.equals(now.get(name))) {
        changed.add(name);
      }
    }
    return changed;
  }
}
