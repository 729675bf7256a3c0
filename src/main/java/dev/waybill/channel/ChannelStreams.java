package dev.waybill.channel;

import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * The {@link StreamKind} of audience streams, which are named streams to which callers publish. An
 * audience stream has events, but no state.
 */
@Component
@RequiredArgsConstructor
class ChannelStreams implements StreamKind {

  /**
   * The maximum number of names in one query. Each supported database accepts more parameters than
   * this.
   */
  static final int NAMES_A_QUERY = 10_000;

  private final ReadHistory history;
  private final ChannelStore store;
  private final ChannelProperties properties;

  @Override
  public boolean covers(String streamId) {
    return StreamName.covers(streamId);
  }

  @Override
  public Optional<String> streamId(String name) {
    return StreamName.isReserved(name)
        ? Optional.empty()
        : Optional.of(StreamName.legal(name).streamId());
  }

  @Override
  public String name(String streamId) {
    return StreamName.ofStreamId(streamId).map(StreamName::text).orElse(streamId);
  }

  /** Returns empty, because audience streams have no state: watchers get the events themselves. */
  @Override
  public Optional<StreamState> state(String streamId) {
    return Optional.empty();
  }

  /**
   * The event that closed the stream, for each given stream that is closed and was not opened
   * again.
   */
  @Override
  public List<StreamEvent> endedAmong(Collection<String> streamIds) {
    List<String> names =
        streamIds.stream()
            .flatMap(id -> StreamName.ofStreamId(id).stream())
            .map(StreamName::text)
            .toList();
    List<StreamEvent> ended = new ArrayList<>();
    for (int from = 0; from < names.size(); from += NAMES_A_QUERY) {
      ended.addAll(
          store.closings(names.subList(from, Math.min(from + NAMES_A_QUERY, names.size()))));
    }
    return ended;
  }

  @Override
  public int maxWatchers(String streamId) {
    return StreamName.ofStreamId(streamId).map(name -> properties.of(name).maxWatchers()).orElse(0);
  }

  @Override
  public StreamHistory history() {
    return history;
  }
}
