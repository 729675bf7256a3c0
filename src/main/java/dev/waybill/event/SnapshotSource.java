package dev.waybill.event;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The truth about streams, read from the database; events only tell it sooner. */
public interface SnapshotSource {

  /** The state of a stream now, or empty where there is no such stream. Blocks on a query. */
  Optional<StreamState> state(String streamId);

  /** The final events of those among the given streams that have ended, by one query. */
  List<StreamEvent> endedAmong(Collection<String> streamIds);
}
