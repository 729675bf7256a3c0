package dev.waybill.record;

import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamState;
import dev.waybill.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * The {@link StreamKind} of the streams of records. The IDs of these streams have the form {@code
 * record:<kind>:<key>}.
 */
@Component
@RequiredArgsConstructor
class RecordStreams implements StreamKind {

  /** The maximum number of IDs in one query. Both databases accept more parameters than this. */
  static final int IDS_A_QUERY = 10_000;

  private final OpenRecord openRecord;
  private final RecordStore store;
  private final RecordKinds kinds;

  @Override
  public boolean covers(String streamId) {
    return streamId.startsWith(RecordName.PREFIX);
  }

  @Override
  public Optional<String> streamId(String name) {
    if (!covers(name)) {
      return Optional.empty();
    }
    if (RecordName.parse(name).isEmpty()) {
      throw Problem.parameter(
          "A record is named record:<kind>:<key>; a key has 1 to 100 of A-Za-z0-9._~@- and is not a"
              + " dot or two.");
    }
    return Optional.of(name);
  }

  @Override
  public Optional<StreamState> state(String streamId) {
    return RecordName.parse(streamId).flatMap(openRecord::open).map(StoredRecord::state);
  }

  @Override
  public List<StreamEvent> endedAmong(Collection<String> streamIds) {
    List<StreamEvent> ended = new ArrayList<>();
    if (kinds.isEmpty()) {
      return ended;
    }
    List<String> ids = List.copyOf(streamIds);
    for (int from = 0; from < ids.size(); from += IDS_A_QUERY) {
      store
          .find(ids.subList(from, Math.min(from + IDS_A_QUERY, ids.size())), Duration.ZERO)
          .stream()
          .map(StoredRecord::finalEvent)
          .filter(Objects::nonNull)
          .forEach(ended::add);
    }
    return ended;
  }
}
